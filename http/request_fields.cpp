#include "http/request_fields.hpp"

#include <algorithm>

namespace reviews {

namespace {

using std::string_view;

constexpr std::size_t key_length_max = 255;
constexpr std::size_t request_id_length_max = 128;
constexpr std::size_t tracestate_length_max = 512;

bool is_printable(string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

bool is_lower_hex(string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_all_zero(string_view text) noexcept {
  return text.find_first_not_of('0') == text.npos;
}

failure bad_key() {
  return {ec::invalid,
          "Idempotency-Key: expected 1 to 255 printable ASCII characters, quoted or bare, got else",
          {}};
}

bool is_letter(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_letter_or_digit(char c) noexcept {
  return is_letter(c) || (c >= '0' && c <= '9');
}

// What may stand before the first colon of a URI (RFC 3986, section 3.1).
bool is_scheme(string_view text) noexcept {
  return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, [](char c) {
    return is_letter_or_digit(c) || c == '+' || c == '-' || c == '.';
  });
}

// The inside of an sf-string, escapes resolved; false when malformed.
bool unquote(string_view value, std::string& out) {
  value.remove_prefix(1);
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '"')
      return i + 1 == value.size();
    if (value[i] == '\\' && (++i == value.size() || (value[i] != '"' && value[i] != '\\')))
      return false;
    out.push_back(value[i]);
  }
  return false;
}

bool is_traceparent(string_view text) noexcept {
  if (text.size() < 55 || text[2] != '-' || text[35] != '-' || text[52] != '-')
    return false;
  const auto version = text.substr(0, 2);
  const auto trace_id = text.substr(3, 32);
  const auto parent_id = text.substr(36, 16);
  if (!is_lower_hex(version) || !is_lower_hex(trace_id) || !is_lower_hex(parent_id) ||
      !is_lower_hex(text.substr(53, 2)) || is_all_zero(trace_id) || is_all_zero(parent_id) || version == "ff")
    return false;
  return text.size() == 55 || (version != "00" && text[55] == '-' && text.size() <= request_id_length_max);
}

// One list of several field lines (RFC 9110, section 5.3).
std::string joined(const http_request& request, string_view name) {
  std::string result;
  for (const auto& each : request.fields)
    if (equal_ignoring_case(each.name, name))
      result.append(result.empty() ? "" : ",").append(each.value);
  return result;
}

} // namespace

outcome<std::string> parse_idempotency_key(string_view value) {
  if (value.empty() || !is_printable(value))
    return bad_key();
  std::string key;
  if (value.front() != '"')
    key = value;
  else if (!unquote(value, key))
    return bad_key();
  if (key.empty() || key.size() > key_length_max)
    return bad_key();
  return key;
}

trace_context trace_context_of(const http_request& request) {
  trace_context trace;
  const auto parent = request.header("traceparent");
  if (parent.empty() || !is_traceparent(parent) || request.header_count("traceparent") != 1)
    return trace;
  trace.traceparent = parent;
  if (auto state = joined(request, "tracestate");
      state.size() <= tracestate_length_max && is_printable(state))
    trace.tracestate = std::move(state);
  return trace;
}

bool is_sane_request_id(string_view value) noexcept {
  if (value.empty() || value.size() > request_id_length_max || value.find("//") != string_view::npos)
    return false;
  const bool is_plain = std::ranges::all_of(value, [](char c) {
    return is_letter_or_digit(c) || string_view("-._~!$&'()*+,;=:@/?").find(c) != string_view::npos;
  });
  const auto first = value.substr(0, value.find_first_of("/?"));
  return is_plain && (first.find(':') == string_view::npos || is_scheme(first.substr(0, first.find(':'))));
}

} // namespace reviews
