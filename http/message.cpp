#include "http/message.hpp"

#include <array>

namespace reviews {

namespace {

constexpr std::array<std::string_view, http_method_count> method_names = {
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE", "_OTHER"};

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9')
    return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

} // namespace

http_method parse_method(std::string_view text) noexcept {
  for (std::size_t i = 0; i + 1 < http_method_count; ++i)
    if (text == method_names[i])
      return static_cast<http_method>(i);
  return http_method::other;
}

std::string_view to_string(http_method method) noexcept {
  return method_names[static_cast<std::size_t>(method)];
}

std::string_view http_request::header(std::string_view name) const noexcept {
  for (const auto& field : fields)
    if (equal_ignoring_case(field.name, name))
      return field.value;
  return {};
}

std::size_t http_request::header_count(std::string_view name) const noexcept {
  std::size_t count = 0;
  for (const auto& field : fields)
    count += equal_ignoring_case(field.name, name) ? 1 : 0;
  return count;
}

std::string_view http_request::parameter(std::string_view name) const noexcept {
  for (const auto& [key, value] : parameters)
    if (key == name)
      return value;
  return {};
}

bool http_request::query_parameter(std::string_view name, std::string& value) const {
  std::string key;
  for (auto rest = query; !rest.empty();) {
    const auto pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    if (!percent_decode(pair.substr(0, equals), key) || key != name)
      continue;
    return percent_decode(equals == pair.npos ? std::string_view{} : pair.substr(equals + 1), value);
  }
  return false;
}

void http_response::add_header(std::string_view name, std::string_view value) {
  headers.append(name).append(": ").append(value).append("\r\n");
}

void http_response::clear() {
  status = 200;
  content_type = "application/json";
  headers.clear();
  body.clear();
  close = false;
  stream.reset();
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size())
    return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i] && lower(a[i]) != lower(b[i]))
      return false;
  return true;
}

bool percent_decode(std::string_view text, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    if (i + 2 >= text.size())
      return false;
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0)
      return false;
    out.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return true;
}

} // namespace reviews
