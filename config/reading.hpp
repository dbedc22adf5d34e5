#pragma once

#include "config/options.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace reviews::config {

/// The kinds of source, the weakest first.
enum class origin : std::uint8_t { fallback, file, environment, command_line };

/// Where a value comes from.
struct source {
  origin from = origin::fallback;
  std::string where; ///< `config/producer.toml:12:1`, `environment REVIEWS_HTTP_PORT`, `command line`.
};

/// A key, or an entry of a table of entries, set by one source.
struct assignment {
  const option* what = nullptr;
  std::string entry; ///< `linger.ms`; empty for other keys.
  value to;
  source from;

  /// `http.port`, `kafka.producer.linger.ms`.
  std::string key() const { return entry.empty() ? what->key : what->key + "." + entry; }
};

/// Something wrong: `config/producer.toml:12:1: http.port: expected …, got …`.
struct mistake {
  std::string key; ///< Empty when it belongs to none.
  std::string text;
};

/// What one source says.
struct reading {
  std::vector<assignment> assignments;
  std::vector<mistake> mistakes;
  std::vector<std::string> warnings;
};

/// Environment variables by name.
using environment = std::map<std::string, std::string>;

/// Reads a TOML file of up to 1 MiB. Syntax errors, unknown keys and values
/// outside their range are mistakes, each with line and column.
reading read_file(program of, const std::string& path);

/// Reads the variables that begin with `REVIEWS_`. Unknown ones are warnings,
/// for Kubernetes sets some for every service; the other program's are ignored.
reading read_environment(program of, const environment& variables);

/// What the command line asks for apart from values of keys.
struct command_line {
  std::vector<std::string> config_files; ///< The weakest first.
  bool check_config = false;
  bool print_config = false;
  bool help = false;
  bool version = false;
  std::string help_text;
  reading values;
};

/// Reads the flags. Secrets are not repeated in mistakes.
command_line read_command_line(program of, int argc, const char* const* argv);

} // namespace reviews::config
