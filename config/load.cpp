#include "config/load.hpp"

#include "config/checks.hpp"
#include "config/print.hpp"
#include "config/reading.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <set>
#include <utility>

extern char** environ;

namespace reviews {

namespace {

using namespace config;

constexpr int exit_config = 78;

/// All sources on top of each other.
struct merged {
  any_settings settings;
  sources from;
  std::vector<std::string> mistakes;
  std::set<std::string> bad;
  std::vector<std::string> warnings;
};

void apply(merged& onto, const assignment& each) {
  if (each.entry.empty()) {
    each.what->set(onto.settings, each.to);
  } else {
    auto entries = std::get<std::map<std::string, std::string>>(each.what->get(onto.settings));
    entries[each.entry] = std::get<std::string>(each.to);
    each.what->set(onto.settings, entries);
  }
  onto.from[each.key()] = each.from;
}

void add(merged& onto, reading&& read) {
  for (const auto& each : read.assignments)
    apply(onto, each);
  for (auto& wrong : read.mistakes) {
    onto.mistakes.push_back(std::move(wrong.text));
    onto.bad.insert(std::move(wrong.key));
  }
  for (auto& warning : read.warnings)
    onto.warnings.push_back(std::move(warning));
}

/// Settings that follow others.
void derive(producer_settings&) {}

void derive(consumer_settings& settings) {
  settings.kafka.partition_records_max = settings.backpressure.records_max;
  settings.kafka.partition_bytes_max = settings.backpressure.bytes_max;
}

void check_kafka(merged& onto, const kafka_check& check) {
  const bool known_bad = std::any_of(onto.bad.begin(), onto.bad.end(),
                                     [](const auto& key) { return key.rfind("kafka", 0) == 0; });
  if (!check || known_bad)
    return;
  const auto& kafka =
      std::visit([](const auto& of) -> const kafka_params& { return of.kafka; }, onto.settings);
  for (const auto& text : check(kafka))
    onto.mistakes.push_back(located(onto.from, {text.substr(0, text.find(": "))}, text));
}

merged merge(program of, command_line& line, const environment& variables, const kafka_check& check) {
  merged onto{default_settings(of), {}, {}, {}, {}};
  for (const auto& file : line.config_files)
    add(onto, read_file(of, file));
  add(onto, read_environment(of, variables));
  add(onto, std::move(line.values));
  std::visit([](auto& settings) { derive(settings); }, onto.settings);
  for (auto& wrong : check_together(onto.settings, onto.from, onto.bad))
    onto.mistakes.push_back(std::move(wrong.text));
  check_kafka(onto, check);
  return onto;
}

std::string lines(const std::vector<std::string>& texts, std::string_view before = {}) {
  std::string joined;
  for (const auto& text : texts)
    joined.append(before).append(text).append("\n");
  return joined;
}

template <class Settings>
load_result<Settings> load(program of, int argc, const char* const* argv, const environment& variables,
                           const kafka_check& check) {
  load_result<Settings> result;
  auto line = read_command_line(of, argc, argv);
  if (line.help || line.version) {
    result.text = line.help ? line.help_text : std::string(name_of(of)) + " " REVIEWS_VERSION "\n";
    return result;
  }

  auto onto = merge(of, line, variables, check);
  result.warnings = std::move(onto.warnings);
  if (!onto.mistakes.empty()) {
    result.exit_status = exit_config;
    result.text = lines(onto.mistakes);
    return result;
  }
  result.effective_toml = print_toml(onto.settings, &onto.from);
  if (line.print_config)
    result.text = result.effective_toml;
  else if (line.check_config)
    result.text = lines(result.warnings, "warning: ") + "The configuration has no mistakes.\n";
  else
    result.settings = std::get<Settings>(std::move(onto.settings));
  result.from = std::make_shared<const sources>(std::move(onto.from));
  return result;
}

std::vector<setting_change> changes(const any_settings& before, const any_settings& after) {
  std::vector<setting_change> found;
  for (const auto* what : options_of(program_of(before)))
    if (what->get(before) != what->get(after))
      found.push_back({what->key, what->when == effect::hot});
  return found;
}

} // namespace

std::map<std::string, std::string> process_environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const char* equals = std::strchr(*entry, '=');
    if (std::strncmp(*entry, "REVIEWS_", 8) == 0 && equals != nullptr)
      variables.emplace(std::string(static_cast<const char*>(*entry), equals), equals + 1);
  }
  return variables;
}

load_result<producer_settings> load_producer(int argc, const char* const* argv,
                                             const std::map<std::string, std::string>& environment,
                                             const kafka_check& check) {
  return load<producer_settings>(program::producer, argc, argv, environment, check);
}

load_result<consumer_settings> load_consumer(int argc, const char* const* argv,
                                             const std::map<std::string, std::string>& environment,
                                             const kafka_check& check) {
  return load<consumer_settings>(program::consumer, argc, argv, environment, check);
}

int print_and_exit_status(int exit_status, const std::string& text) {
  auto* stream = exit_status == 0 ? stdout : stderr;
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
  return exit_status;
}

std::string effective_toml(const producer_settings& settings) {
  return print_toml(settings, nullptr);
}

std::string effective_toml(const consumer_settings& settings) {
  return print_toml(settings, nullptr);
}

std::vector<setting_change> diff(const producer_settings& before, const producer_settings& after) {
  return changes(before, after);
}

std::vector<setting_change> diff(const consumer_settings& before, const consumer_settings& after) {
  return changes(before, after);
}

} // namespace reviews
