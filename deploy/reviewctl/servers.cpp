#include "deploy/reviewctl/servers.hpp"

#include "actors/model/backoff.hpp"
#include "config/load.hpp"
#include "deploy/reviewctl/exit_status.hpp"
#include "deploy/reviewctl/text.hpp"
#include "kafka/config_check.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <thread>

namespace reviews::ctl {

using namespace std::chrono_literals;

namespace {

/// The variables of this process, with the short names that other tools use.
std::map<std::string, std::string> environment() {
  auto variables = process_environment();
  for (const std::string name : {"KAFKA_BOOTSTRAP_SERVERS", "DATABASE_URL"})
    if (const char* value = std::getenv(name.c_str()))
      variables.try_emplace("REVIEWS_" + name, value);
  return variables;
}

} // namespace

void server_options::add_to(CLI::App& command) {
  const auto add = [&](const char* names, const char* key, const char* help) {
    return command.add_option_function<std::string>(
        names, [this, key](const std::string& value) { given_[key] = value; }, help);
  };
  command.add_option("--config", file_, "Settings as reviews-consumer reads them")->type_name("FILE");
  add("--kafka.bootstrap-servers", "kafka.bootstrap-servers", "Kafka's brokers")->type_name("HOST:PORT,...");
  add("--database.url", "database.url", "Postgres; prefer the environment for a URL with a password")
      ->type_name("URL");
  add("--topic,--kafka.topic", "kafka.topic", "Topic of the reviews (reviews.v1)")->type_name("NAME");
  add("--dlq-topic,--kafka.dlq-topic", "kafka.dlq-topic", "Topic of dead letters (reviews.v1.dlq)")
      ->type_name("NAME");
  add("--group,--kafka.group-id", "kafka.group-id", "Consumer group (reviews-writer)")->type_name("NAME");
}

std::optional<server_settings> server_options::resolve() const {
  std::vector<std::string> arguments{"reviewctl"};
  if (!file_.empty())
    arguments.push_back("--config=" + file_);
  for (const auto& [key, value] : given_)
    arguments.push_back("--" + key + "=" + value);
  std::vector<const char*> argv;
  for (const auto& each : arguments)
    argv.push_back(each.c_str());
  auto loaded = load_consumer(static_cast<int>(argv.size()), argv.data(), environment(), kafka::check);
  for (const auto& warning : loaded.warnings)
    complain(warning);
  if (!loaded.settings) {
    std::fputs(loaded.text.c_str(), stderr);
    return std::nullopt;
  }
  return server_settings{std::move(loaded.settings->kafka), std::move(loaded.settings->database)};
}

void add_seconds(CLI::App& command, const std::string& name, int& seconds, const std::string& help) {
  command.add_option(name, seconds, help + "; 60s, 2m")
      ->transform(CLI::AsNumberWithUnit(std::map<std::string, int>{{"s", 1}, {"m", 60}}))
      ->check(CLI::Range(0, 3'600))
      ->type_name("TIME")
      ->capture_default_str();
}

outcome<void> wait_for(std::string_view what, std::chrono::steady_clock::time_point deadline,
                       const std::function<outcome<void>()>& attempt) {
  backoff pauses(100ms, 1s, 1);
  for (bool is_first = true;; is_first = false) {
    auto result = attempt();
    const auto pause = pauses.next();
    if (result || result.error().code != ec::unavailable ||
        std::chrono::steady_clock::now() + pause > deadline)
      return result;
    if (is_first)
      complain("waiting for " + std::string(what));
    std::this_thread::sleep_for(pause);
  }
}

int report_failure(const failure& what) {
  complain(std::string(to_string(what.code)) + ": " + what.detail);
  return what.code == ec::invalid ? exit_status::config : exit_status::unavailable;
}

} // namespace reviews::ctl
