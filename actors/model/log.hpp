#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

/// Structured logging: one event per line, its fixed name first, then fields.
/// No personal data: ids, counts, offsets and reasons only. Thread-safe.
namespace reviews::log {

enum class level : std::uint8_t { debug, info, warning, error };
enum class format : std::uint8_t { json, text };

struct field {
  std::string_view name;
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

using fields = std::initializer_list<field>;

/// Sets level and format; may be called again at run time.
void configure(level threshold, format how);

void write(level severity, std::string_view event, fields with = {});

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
