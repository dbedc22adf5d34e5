#include "config/convert.hpp"
#include "config/reading.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

namespace reviews::config {

namespace {

/// The default, a line's end, and the meaning: the formatter below splits them.
std::string description(const option& what, program of) {
  const auto standard = what.takes.type == kind::entries ? "repeatable" : default_text(what, of);
  const auto range =
      what.takes.type == kind::entries || what.takes.type == kind::text || what.takes.type == kind::list
          ? ""
          : " (" + range_text(what.takes) + ")";
  return standard + (what.when == effect::hot ? " *" : "") + "\n" + what.help + range;
}

/// Two lines an option: the flag with its default, and below it the meaning.
class two_line_formatter : public CLI::Formatter {
public:
  std::string make_option(const CLI::Option* shown, bool) const override {
    constexpr std::size_t column = 52;
    const auto text = shown->get_description();
    const auto cut = text.find('\n');
    auto line = "  " + shown->get_name(false, true);
    if (const auto type = shown->get_type_name(); !type.empty())
      line += " " + type;
    if (cut == std::string::npos)
      return line + std::string(line.size() < column ? column - line.size() : 1, ' ') + text + "\n";
    line += std::string(line.size() < column ? column - line.size() : 1, ' ') + text.substr(0, cut);
    return line + "\n      " + text.substr(cut + 1) + "\n";
  }

  std::string make_group(std::string group, bool positional,
                         std::vector<const CLI::Option*> shown) const override {
    auto text = "\n" + group + ":\n";
    for (const auto* each : shown)
      text += make_option(each, positional);
    return text;
  }

  std::string make_usage(const CLI::App*, std::string name) const override {
    return "\nUsage: " + name + " [--config FILE] [--KEY VALUE ...]\n\n";
  }
};

constexpr const char* general = "options";

constexpr const char* footer =
    "\nAt the right stands the default; * marks what SIGHUP changes while running.\n"
    "Times: 250ms, 10s, 5m, 1h. Sizes: bytes, or 100B, 64KiB, 4MiB, 1GiB.\n"
    "Order: command line, environment (REVIEWS_LOG_LEVEL for log.level), file, default.\n"
    "Exit status: 0 after a drain, 69 a server refused for good, 70 supervision gave up, 78 bad "
    "configuration.";

/// The program's flags as CLI11 knows them.
class flags {
public:
  flags(program of, command_line& into) : app_(intro(of), std::string(name_of(of))) {
    app_.set_help_flag();
    app_.allow_extras();
    app_.formatter(std::make_shared<two_line_formatter>());
    app_.footer(footer);
    const CLI::callback_t taken = [](const CLI::results_t&) { return true; };
    file_ = app_.add_option("--config", taken,
                            "File to read, more than once: the later one wins; without it only the other "
                            "sources count")
                ->type_name("FILE")
                ->take_all()
                ->group(general);
    app_.add_flag("--check-config", into.check_config, "Name every mistake, then exit")->group(general);
    app_.add_flag("--print-config", into.print_config, "Print the effective configuration, then exit")
        ->group(general);
    app_.add_flag("-h,--help", into.help, "Print this, then exit")->group(general);
    app_.add_flag("--version", into.version, "Print the version, then exit")->group(general);
    for (const auto* what : options_of(of)) {
      const auto group = std::string(what->table());
      values_.emplace_back(what, app_.add_option("--" + what->key, taken, description(*what, of))
                                     ->group(group.substr(0, group.find('.')))
                                     ->type_name(placeholder(what->takes))
                                     ->take_all());
    }
  }

  CLI::App& app() { return app_; }
  const CLI::Option& file() const { return *file_; }
  const std::vector<std::pair<const option*, CLI::Option*>>& values() const { return values_; }

  /// The flag takes a value, which must follow unless it holds one after `=`.
  bool wants_value(const std::string& flag) const {
    return flag == "--config" || std::any_of(values_.begin(), values_.end(), [&](const auto& candidate) {
             return flag == "--" + candidate.first->key;
           });
  }

private:
  static std::string intro(program of) {
    return of == program::producer ? "Takes reviews in over HTTP and hands them to Kafka."
                                   : "Stores the reviews from Kafka in Postgres.";
  }

  CLI::App app_;
  CLI::Option* file_ = nullptr;
  std::vector<std::pair<const option*, CLI::Option*>> values_;
};

void note(reading& found, const std::string& flag, const std::string& text) {
  found.mistakes.push_back(
      {flag.substr(std::min<std::size_t>(2, flag.size())), "command line " + flag + ": " + text});
}

/// The arguments in CLI11's order (the last one first) without flags that lack their value. A value is
/// tied to its flag, for it may begin with a dash; an empty one stands alone, or CLI11 would take the next.
std::vector<std::string> complete(const flags& known, int argc, const char* const* argv, reading& found) {
  std::vector<std::string> kept;
  const auto keep = [&](const std::string& flag, const std::string& text) {
    if (text.empty())
      kept.insert(kept.end(), {flag, text});
    else
      kept.push_back(flag + "=" + text);
  };
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const auto equals = argument.find('=');
    if (!known.wants_value(argument.substr(0, equals)))
      kept.push_back(argument);
    else if (equals != std::string::npos)
      keep(argument.substr(0, equals), argument.substr(equals + 1));
    else if (i + 1 == argc || std::string_view(argv[i + 1]).substr(0, 2) == "--")
      note(found, argument, "expected a value, got none");
    else
      keep(argument, argv[++i]);
  }
  std::reverse(kept.begin(), kept.end());
  return kept;
}

void take_entry(const option& what, const std::string& text, reading& found) {
  const auto equals = text.find('=');
  const auto name = text.substr(0, equals);
  if (equals == std::string::npos || !is_entry_name(name))
    return note(found, "--" + what.key, "expected NAME=VALUE such as linger.ms=5, got something else");
  auto converted = convert_entry({text.substr(equals + 1), ""});
  if (!converted)
    return note(found, "--" + what.key + "." + name, converted.error().detail);
  found.assignments.push_back(
      {&what, name, *std::move(converted), {origin::command_line, "command line --" + what.key}});
}

void take_values(const flags& known, reading& found) {
  for (const auto& [what, parsed] : known.values()) {
    const auto& results = parsed->results();
    if (what->takes.type == kind::entries)
      for (const auto& text : results)
        take_entry(*what, text, found);
    else if (!results.empty()) {
      const auto flag = "--" + what->key;
      auto converted = convert_text(what->takes, results.back());
      if (converted)
        found.assignments.push_back(
            {what, "", *std::move(converted), {origin::command_line, "command line " + flag}});
      else
        note(found, flag, converted.error().detail);
    }
  }
}

/// At most one blank line at a time: CLI11's versions differ in what they put between groups.
std::string single_spaced(std::string text) {
  for (auto at = text.find("\n\n\n"); at != std::string::npos; at = text.find("\n\n\n", at))
    text.erase(at, 1);
  return text;
}

/// Unknown flags by name only: what follows might be a secret.
void take_unknown(program of, const std::vector<std::string>& unknown, reading& found) {
  bool after_flag = false;
  for (const auto& argument : unknown) {
    const bool flag = argument.substr(0, 2) == "--" && argument.size() > 2;
    const auto name = argument.substr(0, argument.find('='));
    if (flag)
      found.mistakes.push_back({"", "command line --" + unknown_key(of, name.substr(2))});
    else if (!after_flag)
      found.mistakes.push_back({"", "command line: expected flags only, got a word without one"});
    after_flag = flag && name == argument;
  }
}

} // namespace

command_line read_command_line(program of, int argc, const char* const* argv) {
  command_line read;
  flags known(of, read);
  try {
    known.app().parse(complete(known, argc, argv, read.values));
  } catch (const CLI::Error& wrong) {
    read.values.mistakes.push_back({"", std::string("command line: ") + wrong.what()});
  }
  read.config_files = known.file().results();
  take_values(known, read.values);
  take_unknown(of, known.app().remaining(), read.values);
  read.help_text = read.help ? single_spaced(known.app().help()) : "";
  return read;
}

} // namespace reviews::config
