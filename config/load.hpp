#pragma once

#include "config/settings.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reviews {

namespace config {
struct source;
}

/// What to do after reading the configuration.
template <class Settings>
struct load_result {
  /// Run with these; or, when empty, print `text` and exit with `exit_status`.
  std::optional<Settings> settings;
  /// 0 after `--help`, `--version`, `--print-config` and a good `--check-config`; 78 (EX_CONFIG of
  /// sysexits.h) on mistakes.
  int exit_status = 0;
  /// For standard output when the status is 0, for standard error else; all mistakes, one a line.
  std::string text;
  /// Worth a log line each, such as unknown `REVIEWS_` variables.
  std::vector<std::string> warnings;
  /// The effective configuration with the source of each value, secrets masked; as `--print-config` shows it.
  std::string effective_toml;
  /// Where each key that is not at its default was set; there when `settings` are. See `config/checks.hpp`.
  std::shared_ptr<const std::map<std::string, config::source>> from;
};

/// Further checks of the caller: mistakes as `kafka.producer.linger.ms: expected X, got Y`.
using kafka_check = std::function<std::vector<std::string>(const kafka_params&)>;

/// The variables of this process that begin with `REVIEWS_`.
std::map<std::string, std::string> process_environment();

/// Reads command line, environment and the files that `--config` names, in this
/// order of precedence, of files the last first. Throws nothing on bad input. Call it again with the same
/// arguments to read the file anew.
load_result<producer_settings> load_producer(int argc, const char* const* argv,
                                             const std::map<std::string, std::string>& environment,
                                             const kafka_check& check = {});

/// As `load_producer`.
load_result<consumer_settings> load_consumer(int argc, const char* const* argv,
                                             const std::map<std::string, std::string>& environment,
                                             const kafka_check& check = {});

/// Prints the text of a result without settings where it belongs; returns the exit status.
int print_and_exit_status(int exit_status, const std::string& text);

/// The settings as a TOML file, secrets masked, without sources.
std::string effective_toml(const producer_settings& settings);
std::string effective_toml(const consumer_settings& settings);

/// A key whose value differs between two configurations.
struct setting_change {
  std::string key;
  bool hot = false; ///< Takes effect while running; else with the next start.
};

/// The keys whose values differ, in the order of the files.
std::vector<setting_change> diff(const producer_settings& before, const producer_settings& after);
std::vector<setting_change> diff(const consumer_settings& before, const consumer_settings& after);

} // namespace reviews
