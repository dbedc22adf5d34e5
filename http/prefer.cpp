#include "http/prefer.hpp"

#include "http/field_text.hpp"

#include <charconv>
#include <optional>
#include <string_view>

namespace reviews {

namespace {

using std::string_view;

std::chrono::seconds seconds_of(string_view text) noexcept {
  constexpr std::size_t digits_max = 4;
  unsigned value = 0;
  const auto [end, err] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text.size() > digits_max || err != std::errc{} || end != text.data() + text.size())
    return {};
  return std::chrono::seconds(value);
}

/// The value of a `wait` among the preferences of one field line.
std::optional<string_view> wait_in(string_view line) noexcept {
  while (!line.empty()) {
    auto preference = take_until(line, ',');
    const auto pair = take_until(preference, ';'); // parameters of it mean nothing to us
    const auto equals = pair.find('=');
    if (equal_ignoring_case(trim(pair.substr(0, equals)), "wait"))
      return equals == pair.npos ? string_view() : unquote(trim(pair.substr(equals + 1)));
  }
  return std::nullopt;
}

} // namespace

std::chrono::seconds preferred_wait(const http_request& request) noexcept {
  for (const auto& field : request.fields)
    if (equal_ignoring_case(field.name, "Prefer"))
      if (const auto wait = wait_in(field.value))
        return seconds_of(*wait);
  return {};
}

} // namespace reviews
