#pragma once

#include "actors/model/timestamp.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

/// Structured logging: one event per line, its fixed name first, then fields.
/// No personal data: ids, counts, offsets and reasons only. Thread-safe.
namespace reviews::log {

enum class level : std::uint8_t { debug, info, warning, error };
enum class format : std::uint8_t { json, text };

/// One named value of an event. Texts are views: they live until the call returns.
struct field {
  std::string_view name; ///< Unlike `time`, `level` and `event`.
  std::variant<std::int64_t, double, bool, std::string_view> value;

  template <class T>
  field(std::string_view field_name, const T& v) : name(field_name), value(convert(v)) {}

private:
  template <class T>
  static decltype(value) convert(const T& v) {
    if constexpr (std::is_same_v<T, bool>)
      return v;
    else if constexpr (std::is_floating_point_v<T>)
      return static_cast<double>(v);
    else if constexpr (std::is_integral_v<T>)
      return static_cast<std::int64_t>(v);
    else
      return std::string_view(v);
  }
};

/// The fields of one event, in the order they are written.
using fields = std::initializer_list<field>;

/// Sets level and format; may be called again at run time, from any thread.
/// Before the first call: `info`, `json`.
void configure(level threshold, format how);

/// Writes one event to the standard output and flushes it, unless it is below
/// the threshold. `event` is a fixed name: `batch_failed`. Blocks while nobody
/// reads a full pipe; never throws for what the output does.
void write(level severity, std::string_view event, fields with = {});

/// The line of an event without its line end. JSON:
/// `{"time":"…Z","level":"info","event":"batch_failed","partition":3}`; text:
/// `2026-11-22T17:28:24.000123Z INFO batch_failed partition=3 reason="…"`,
/// texts quoted as in JSON unless they are plain words. Ill-formed UTF-8
/// becomes U+FFFD; a double that JSON cannot write becomes null.
std::string format_line(timestamp when, level severity, format how, std::string_view event, fields with);

inline void debug(std::string_view event, fields with = {}) {
  write(level::debug, event, with);
}
inline void info(std::string_view event, fields with = {}) {
  write(level::info, event, with);
}
inline void warning(std::string_view event, fields with = {}) {
  write(level::warning, event, with);
}
inline void error(std::string_view event, fields with = {}) {
  write(level::error, event, with);
}

} // namespace reviews::log
