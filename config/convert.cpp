#include "config/convert.hpp"
#include "config/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace reviews::config {

namespace {

struct unit {
  std::string_view name;
  std::int64_t factor;
};

constexpr std::array duration_units{unit{"ms", 1}, unit{"s", 1'000}, unit{"m", 60'000}, unit{"h", 3'600'000}};
constexpr std::array bytes_units{unit{"B", 1}, unit{"KiB", 1 << 10}, unit{"MiB", 1 << 20},
                                 unit{"GiB", 1 << 30}};
constexpr std::int64_t duration_max = 10LL * 366 * 24 * 3'600'000;
constexpr std::int64_t bytes_max = 1LL << 50;
constexpr std::size_t entry_bytes_max = 65'536;

/// The number that all of `text` is.
template <class T>
std::optional<T> whole(std::string_view text) noexcept {
  T parsed{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return parsed;
}

template <std::size_t N>
std::optional<std::int64_t> with_unit(std::string_view text, const std::array<unit, N>& units,
                                      std::int64_t most) noexcept {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto amount = whole<std::int64_t>(text.substr(0, digits));
  for (const auto& candidate : units)
    if (amount && text.substr(digits) == candidate.name && *amount <= most / candidate.factor)
      return *amount * candidate.factor;
  return std::nullopt;
}

std::optional<std::int64_t> integer_of(const domain& of, const written& from) {
  const auto* text = std::get_if<std::string>(&from.what);
  if (text != nullptr && of.type == kind::bytes)
    return parse_bytes(*text);
  if (text != nullptr && of.type == kind::duration)
    return parse_duration(*text);
  const auto* integer = std::get_if<std::int64_t>(&from.what);
  if (integer == nullptr || of.type == kind::duration)
    return std::nullopt;
  return *integer;
}

std::optional<double> number_of(const written& from) {
  if (const auto* number = std::get_if<double>(&from.what); number != nullptr && std::isfinite(*number))
    return *number;
  if (const auto* integer = std::get_if<std::int64_t>(&from.what))
    return static_cast<double>(*integer);
  return std::nullopt;
}

bool fits(const domain& of, const std::string& text) {
  const auto length = static_cast<std::int64_t>(text.size());
  return length >= of.least && length <= of.most && obeys(of.rule, text);
}

bool fits(const domain& of, const std::vector<std::string>& items) {
  return static_cast<std::int64_t>(items.size()) <= of.most &&
         std::all_of(items.begin(), items.end(), [&](const auto& item) { return obeys(of.rule, item); });
}

std::optional<value> value_of(const domain& of, const written& from) {
  switch (of.type) {
  case kind::count:
  case kind::bytes:
  case kind::duration: {
    const auto integer = integer_of(of, from);
    if (integer && *integer >= of.least && *integer <= of.most && *integer % of.step == 0)
      return *integer;
    return std::nullopt;
  }
  case kind::number: {
    const auto number = number_of(from);
    if (number && *number >= static_cast<double>(of.least) && *number <= static_cast<double>(of.most))
      return *number;
    return std::nullopt;
  }
  case kind::text: {
    const auto* text = std::get_if<std::string>(&from.what);
    return text != nullptr && fits(of, *text) ? std::optional<value>(*text) : std::nullopt;
  }
  case kind::choice: {
    const auto* text = std::get_if<std::string>(&from.what);
    const bool known = text != nullptr && std::count(of.choices.begin(), of.choices.end(), *text) == 1;
    return known ? std::optional<value>(*text) : std::nullopt;
  }
  case kind::list: {
    const auto* items = std::get_if<std::vector<std::string>>(&from.what);
    return items != nullptr && fits(of, *items) ? std::optional<value>(*items) : std::nullopt;
  }
  case kind::entries: break;
  }
  return std::nullopt;
}

} // namespace

outcome<value> convert(const domain& of, const written& from) {
  if (auto converted = value_of(of, from))
    return *std::move(converted);
  return failure{ec::invalid, "expected " + expectation(of) + ", got " +
                                  (of.secret ? "something else (hidden)" : from.shown)};
}

outcome<value> convert_text(const domain& of, std::string_view from) {
  written as{std::string(from), cite(from)};
  const bool numeric = of.type == kind::count || of.type == kind::bytes || of.type == kind::number;
  if (const auto integer = whole<std::int64_t>(from); integer && numeric)
    as.what = *integer;
  else if (const auto decimal = whole<double>(from); decimal && of.type == kind::number)
    as.what = *decimal;
  else if (of.type == kind::list)
    as.what = split(from, ',');
  return convert(of, as);
}

outcome<value> convert_entry(const written& from) {
  if (const auto* text = std::get_if<std::string>(&from.what))
    if (text->size() <= entry_bytes_max && is_utf8(*text) && text->find('\0') == std::string::npos)
      return value(*text);
  if (const auto* integer = std::get_if<std::int64_t>(&from.what))
    return value(std::to_string(*integer));
  if (const auto* number = std::get_if<double>(&from.what); number != nullptr && std::isfinite(*number))
    return value(format_number(*number));
  if (const auto* flag = std::get_if<bool>(&from.what))
    return value(std::string(*flag ? "true" : "false"));
  return failure{
      ec::invalid,
      "expected a string of up to 65536 bytes of UTF-8, a number or a boolean, got something else"};
}

bool is_entry_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= 128 && obeys(text_rule::name, name);
}

std::string cite(std::string_view text) {
  constexpr std::size_t length_max = 64;
  auto cut = std::min(text.size(), length_max);
  while (cut < text.size() && cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80)
    --cut;
  std::string shown(text.substr(0, cut));
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; },
      '?');
  return '"' + shown + (cut < text.size() ? "…\"" : "\"");
}

std::string format_duration(std::int64_t milliseconds) {
  if (milliseconds > 0 && milliseconds % 3'600'000 == 0)
    return std::to_string(milliseconds / 3'600'000) + "h";
  return milliseconds % 1'000 == 0 ? std::to_string(milliseconds / 1'000) + "s"
                                   : std::to_string(milliseconds) + "ms";
}

std::string format_bytes(std::int64_t bytes) {
  auto best = bytes_units.front();
  for (const auto& candidate : bytes_units)
    if (bytes > 0 && bytes % candidate.factor == 0)
      best = candidate;
  return std::to_string(bytes / best.factor).append(best.name);
}

std::string format_number(double number) {
  std::array<char, 64> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return {buffer.data(), end};
}

std::optional<std::int64_t> parse_duration(std::string_view text) noexcept {
  return with_unit(text, duration_units, duration_max);
}

std::optional<std::int64_t> parse_bytes(std::string_view text) noexcept {
  return with_unit(text, bytes_units, bytes_max);
}

} // namespace reviews::config
