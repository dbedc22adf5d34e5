#include "http/target_rules.hpp"

#include <array>
#include <charconv>

namespace reviews {

namespace {

using std::string_view;

constexpr bool is_hex(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// unreserved and sub-delims of RFC 3986, section 2.
constexpr bool is_name_char(char c) noexcept {
  if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
    return true;
  return c != 0 && string_view("-._~!$&'()*+,;=").find(c) != string_view::npos;
}

constexpr bool is_target_char(char c) noexcept {
  return is_name_char(c) || c == ':' || c == '@' || c == '/' || c == '?' || c == '%';
}

constexpr auto target_table = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < 256; ++c)
    table[c] = is_target_char(static_cast<char>(c));
  return table;
}();

bool has_valid_escapes(string_view text) noexcept {
  for (auto at = text.find('%'); at != text.npos; at = text.find('%', at + 3))
    if (at + 2 >= text.size() || !is_hex(text[at + 1]) || !is_hex(text[at + 2]))
      return false;
  return true;
}

bool is_path_and_query(string_view text) noexcept {
  for (const char c : text)
    if (!target_table[static_cast<unsigned char>(c)])
      return false;
  return has_valid_escapes(text);
}

bool is_port(string_view text) noexcept {
  if (text.empty())
    return true;
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size();
}

bool is_ip_literal(string_view text) noexcept {
  bool has_colon = false;
  for (const char c : text) {
    if (!is_hex(c) && c != ':' && c != '.')
      return false;
    has_colon = has_colon || c == ':';
  }
  return has_colon && text.size() >= 2 && text.size() <= 45;
}

void split_query(string_view text, head_facts& facts) {
  const auto mark = text.find('?');
  facts.path = text.substr(0, mark);
  facts.query = mark == text.npos ? string_view{} : text.substr(mark + 1);
}

head_fault bad_target() {
  return {problem_kind::bad_request, "target: expected a path or an http URI, got something else"};
}

std::optional<head_fault> split_absolute(string_view target, head_facts& facts) {
  const auto colon = target.find("://");
  if (colon == target.npos || !(equal_ignoring_case(target.substr(0, colon), "http") ||
                                equal_ignoring_case(target.substr(0, colon), "https")))
    return bad_target();
  const auto rest = target.substr(colon + 3);
  const auto authority = rest.substr(0, rest.find_first_of("/?"));
  const auto path = rest.substr(authority.size());
  if (!is_host(authority) || !is_path_and_query(path))
    return bad_target();
  split_query(path, facts);
  if (facts.path.empty())
    facts.path = facts.method == "OPTIONS" ? "*" : "/";
  return {};
}

} // namespace

std::optional<head_fault> split_target(string_view target, head_facts& facts) {
  if (facts.method == "CONNECT") {
    facts.path = target;
    return is_host(target) ? std::nullopt : std::optional(bad_target());
  }
  if (target == "*") {
    facts.path = target;
    if (facts.method == "OPTIONS")
      return {};
    return head_fault{problem_kind::bad_request, "target: expected * for OPTIONS only, got it elsewhere"};
  }
  if (target.empty() || target.front() != '/')
    return split_absolute(target, facts);
  if (!is_path_and_query(target))
    return bad_target();
  split_query(target, facts);
  return {};
}

bool is_host(string_view text) noexcept {
  if (text.empty() || text.size() > 261)
    return false;
  if (text.front() == '[') {
    const auto close = text.find(']');
    if (close == text.npos || !is_ip_literal(text.substr(1, close - 1)))
      return false;
    const auto port = text.substr(close + 1);
    return port.empty() || (port.front() == ':' && is_port(port.substr(1)));
  }
  const auto colon = text.find(':');
  const auto name = text.substr(0, colon);
  for (const char c : name)
    if (!is_name_char(c) && c != '%')
      return false;
  return !name.empty() && has_valid_escapes(name) && (colon == text.npos || is_port(text.substr(colon + 1)));
}

} // namespace reviews
