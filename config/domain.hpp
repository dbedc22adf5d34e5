#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace reviews::config {

/// What kind of value a key takes.
enum class kind : std::uint8_t {
  count,    ///< An integer.
  bytes,    ///< An integer, or text such as "64KiB" (B, KiB, MiB, GiB).
  duration, ///< Text such as "250ms" (ms, s, m, h).
  number,   ///< An integer or a decimal number.
  text,     ///< A string.
  choice,   ///< One of a few strings.
  list,     ///< Strings; separated by commas outside of TOML.
  entries,  ///< A table of names and values that librdkafka understands.
};

/// A value of any kind: counts, bytes and durations (in ms) are integers, a choice is its name.
using value = std::variant<std::int64_t, double, std::string, std::vector<std::string>,
                           std::map<std::string, std::string>>;

/// What a string must look like. None may hold control characters or break UTF-8.
enum class text_rule : std::uint8_t {
  any,    ///< Anything.
  word,   ///< No white space.
  name,   ///< `A-Z a-z 0-9 . _ -`, as Kafka demands of topics and static members.
  origin, ///< `*`, or scheme, host and perhaps port of a web page (RFC 6454).
};

/// The values that a key takes.
struct domain {
  kind type = kind::text;
  std::int64_t least = 0; ///< Smallest value; of texts their length in bytes, of lists and tables their size.
  std::int64_t most = 0;  ///< Largest value, likewise.
  std::int64_t step = 1;  ///< The value is a multiple of it: 1000 for durations in whole seconds.
  text_rule rule = text_rule::any;
  std::vector<std::string> choices; ///< In the order of their enumeration.
  bool secret = false;              ///< May hold a password: never shown.
};

domain count(std::int64_t least, std::int64_t most);
domain bytes(std::int64_t least, std::int64_t most);
domain duration(std::chrono::milliseconds least, std::chrono::milliseconds most);
domain number(std::int64_t least, std::int64_t most);
domain text(std::int64_t length_min, std::int64_t length_max, text_rule rule);
domain secret(std::int64_t length_min, std::int64_t length_max);
domain choice(std::vector<std::string> names);
domain list(std::int64_t size_max, text_rule rule);
domain entries(std::int64_t size_max);

/// What is expected, for mistakes: `an integer from 0 to 65535`.
std::string expectation(const domain& of);

/// Unit and range, short, for comments and help: `0 to 65535`.
std::string range_text(const domain& of);

/// A stand-in for the value in `--help`: `SIZE`.
std::string placeholder(const domain& of);

} // namespace reviews::config
