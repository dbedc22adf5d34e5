#include "actors/model/json_text.hpp"

#include "actors/model/utf8.hpp"

#include <boost/json/stream_parser.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace reviews::json_text {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t escape_length = 6; ///< Of `\uXXXX`.

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

std::size_t count_digits(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

/// A number by RFC 8259's grammar, all of `token`.
struct number_shape {
  bool is_number = false;
  bool is_integer = false;
};

number_shape shape_of(std::string_view token) noexcept {
  if (token.starts_with('-'))
    token.remove_prefix(1);
  const auto whole = count_digits(token);
  if (whole == 0 || (whole > 1 && token.front() == '0'))
    return {};
  token.remove_prefix(whole);
  if (token.empty())
    return {true, true};
  if (token.front() == '.') {
    const auto fraction = count_digits(token.substr(1));
    if (fraction == 0)
      return {};
    token.remove_prefix(1 + fraction);
  }
  if (token.starts_with('e') || token.starts_with('E')) {
    token.remove_prefix(1);
    if (token.starts_with('+') || token.starts_with('-'))
      token.remove_prefix(1);
    const auto exponent = count_digits(token);
    if (exponent == 0)
      return {};
    token.remove_prefix(exponent);
  }
  return {token.empty(), false};
}

/// Tames the number that begins at `from`; answers where it ends.
std::size_t tame_number(std::string& json, std::size_t from, bool& changed) {
  constexpr std::size_t kept_max = 18; // Fits 64 bits, whatever the digits.
  constexpr std::string_view harmless = "0.5";
  const auto end = std::min(json.find_first_not_of("+-.0123456789eE", from), json.size());
  const auto length = end - from;
  const auto shape = shape_of(std::string_view(json).substr(from, length));
  std::size_t kept = length;
  if (shape.is_number && shape.is_integer) {
    kept = std::min(length, kept_max);
  } else if (shape.is_number) {
    json.replace(from, harmless.size(), harmless);
    kept = harmless.size();
    changed = true;
  }
  std::fill_n(json.begin() + static_cast<std::ptrdiff_t>(from + kept), length - kept, ' ');
  changed = changed || kept < length;
  return end;
}

/// The code unit of the escape `\uXXXX` at `at`, if one is there.
std::optional<std::uint32_t> unit_at(std::string_view json, std::size_t at) noexcept {
  if (json.size() < at + escape_length || json[at] != '\\' || json[at + 1] != 'u')
    return std::nullopt;
  std::uint32_t unit = 0;
  const char* const end = json.data() + at + escape_length;
  const auto read = std::from_chars(json.data() + at + 2, end, unit, 16);
  if (read.ec != std::errc{} || read.ptr != end)
    return std::nullopt;
  return unit;
}

bool is_leading(std::uint32_t unit) noexcept {
  return unit >= 0xD800 && unit <= 0xDBFF;
}

bool is_trailing(std::uint32_t unit) noexcept {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

/// Tames the escape that begins at `from`; answers where it ends.
std::size_t tame_escape(std::string& json, std::size_t from, bool& changed) {
  const auto unit = unit_at(json, from);
  if (!unit)
    return from + 2;
  if (is_leading(*unit)) {
    const auto partner = unit_at(json, from + escape_length);
    if (partner && is_trailing(*partner))
      return from + 2 * escape_length;
  }
  if (is_leading(*unit) || is_trailing(*unit)) {
    json.replace(from, escape_length, "\\u0000");
    changed = true;
  }
  return from + escape_length;
}

/// What Boost.JSON finds wrong, and where.
std::string explain_syntax(std::string_view json, std::size_t levels_max) {
  boost::json::parse_options options;
  options.max_depth = levels_max;
  boost::json::stream_parser parser({}, options);
  boost::system::error_code error;
  const auto read = parser.write_some(json.data(), json.size(), error);
  const auto where = " at byte " + std::to_string(read);
  if (error == boost::json::error::too_deep)
    return "json: expected at most " + std::to_string(levels_max) + " levels of nesting, got more" + where;
  if (error)
    return "json: expected JSON (RFC 8259), got a syntax error" + where;
  if (read < json.size())
    return "json: expected one JSON value, got more text after it" + where;
  if (!parser.done())
    return "json: expected one whole JSON value, got the end of the text" + where;
  return "json: expected JSON (RFC 8259), got another text";
}

} // namespace

bool tame(std::string& json) {
  bool changed = false;
  bool is_in_string = false;
  for (std::size_t i = 0; i < json.size();) {
    const char c = json[i];
    if (c == '"') {
      is_in_string = !is_in_string;
      ++i;
    } else if (is_in_string && c == '\\') {
      i = tame_escape(json, i, changed);
    } else if (!is_in_string && (c == '-' || is_digit(c))) {
      i = tame_number(json, i, changed);
    } else {
      ++i;
    }
  }
  return changed;
}

bool nests_deeper_than(std::string_view json, std::size_t levels_max) noexcept {
  std::size_t levels = 0;
  bool is_in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') {
      is_in_string = !is_in_string;
    } else if (is_in_string) {
      i += c == '\\' ? 1 : 0;
    } else if (c == '[' || c == '{') {
      if (++levels > levels_max)
        return true;
    } else if (c == ']' || c == '}') {
      levels -= levels > 0 ? 1 : 0;
    }
  }
  return false;
}

std::string explain(std::string_view json, std::size_t levels_max) {
  if (json.starts_with(byte_order_mark))
    return "json: expected no byte order mark, got one";
  if (json.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return json.empty() ? "json: expected one JSON value, got nothing"
                        : "json: expected one JSON value, got only white space";
  const auto good = utf8::well_formed_prefix(json);
  if (good < json.size())
    return "json: expected UTF-8, got an ill-formed sequence at byte " + std::to_string(good);
  return explain_syntax(json, levels_max);
}

} // namespace reviews::json_text
