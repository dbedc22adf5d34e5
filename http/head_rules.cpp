#include "http/head_rules.hpp"

#include "http/target_rules.hpp"

#include <array>
#include <charconv>

namespace reviews {

namespace {

using std::string_view;
using verdict = std::optional<head_fault>;

constexpr bool is_token_char(unsigned char c) noexcept {
  if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
    return true;
  return c != 0 && string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != string_view::npos;
}

constexpr auto token_table = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < 256; ++c)
    table[c] = is_token_char(static_cast<unsigned char>(c));
  return table;
}();

bool is_token(string_view text) noexcept {
  for (const char c : text)
    if (!token_table[static_cast<unsigned char>(c)])
      return false;
  return !text.empty();
}

// field-value of RFC 9110, section 5.5: visible characters, obs-text, space and tab.
bool is_field_value(string_view text) noexcept {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
      return false;
  }
  return true;
}

string_view trim(string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

head_fault bad(std::string detail) {
  return {problem_kind::bad_request, std::move(detail)};
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

verdict check_version(string_view version, head_facts& facts) {
  if (version.size() != 8 || version.substr(0, 5) != "HTTP/" || !is_digit(version[5]) || version[6] != '.' ||
      !is_digit(version[7]))
    return bad("request line: expected HTTP/1.1 at its end, got something else");
  facts.is_http_1_0 = version == "HTTP/1.0";
  if (!facts.is_http_1_0 && version != "HTTP/1.1")
    return head_fault{problem_kind::version_not_supported,
                      "HTTP version: expected 1.0 or 1.1, got another one"};
  return {};
}

verdict check_request_line(string_view line, head_facts& facts) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == line.npos || first == last)
    return bad("request line: expected method, target and version, got fewer parts");
  facts.method = line.substr(0, first);
  const auto target = line.substr(first + 1, last - first - 1);
  if (!is_token(facts.method))
    return bad("method: expected a token, got other characters");
  if (target.size() > head_limits::target_bytes_max)
    return head_fault{problem_kind::uri_too_long, "target: expected at most " +
                                                      std::to_string(head_limits::target_bytes_max) +
                                                      " bytes, got more"};
  if (auto fault = check_version(line.substr(last + 1), facts))
    return fault;
  return split_target(target, facts);
}

struct framing_seen {
  std::size_t hosts = 0;
  std::size_t lengths = 0;
  std::size_t codings = 0;
};

verdict check_content_length(string_view value, head_facts& facts, framing_seen& seen) {
  if (++seen.lengths > 1)
    return bad("Content-Length: expected one, got several");
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
  if (value.empty() || end != value.data() + value.size())
    return bad("Content-Length: expected plain digits, got something else");
  if (error == std::errc::result_out_of_range)
    return head_fault{problem_kind::content_too_large, "Content-Length: expected fewer digits, got more"};
  facts.content_length = length;
  return {};
}

verdict check_transfer_encoding(string_view value, head_facts& facts, framing_seen& seen) {
  if (++seen.codings > 1)
    return bad("Transfer-Encoding: expected one, got several");
  if (!equal_ignoring_case(value, "chunked"))
    return bad("Transfer-Encoding: expected exactly chunked, got something else");
  facts.is_chunked = true;
  return {};
}

verdict check_known_field(string_view name, string_view value, head_facts& facts, framing_seen& seen) {
  switch (name.size()) {
  case 4:
    if (!equal_ignoring_case(name, "Host"))
      return {};
    if (++seen.hosts > 1)
      return bad("Host: expected one, got several");
    if (!is_host(value))
      return bad("Host: expected a host and perhaps a port, got something else");
    return {};
  case 6:
    if (equal_ignoring_case(name, "Expect") && !facts.is_http_1_0)
      facts.expects = equal_ignoring_case(value, "100-continue") && facts.expects != expectation::unknown
                          ? expectation::go_on
                          : expectation::unknown;
    return {};
  case 14:
    return equal_ignoring_case(name, "Content-Length") ? check_content_length(value, facts, seen) : verdict{};
  case 17:
    return equal_ignoring_case(name, "Transfer-Encoding") ? check_transfer_encoding(value, facts, seen)
                                                          : verdict{};
  default: return {};
  }
}

verdict check_field(string_view line, head_facts& facts, framing_seen& seen) {
  if (line.front() == ' ' || line.front() == '\t')
    return bad("header: expected no folded line (obs-fold), got one");
  const auto colon = line.find(':');
  if (colon == line.npos)
    return bad("header: expected a colon after its name, got none");
  const auto name = line.substr(0, colon);
  if (!name.empty() && (name.back() == ' ' || name.back() == '\t'))
    return bad("header: expected no white space before the colon, got some");
  if (!is_token(name))
    return bad("header: expected a token as its name, got other characters");
  const auto value = trim(line.substr(colon + 1));
  if (!is_field_value(value))
    return bad("header: expected no control characters in its value, got one");
  return check_known_field(name, value, facts, seen);
}

verdict check_framing(const head_facts& facts, const framing_seen& seen) {
  if (seen.hosts == 0 && !facts.is_http_1_0)
    return bad("Host: expected one, got none");
  if (facts.is_chunked && facts.content_length)
    return bad("framing: expected Content-Length or Transfer-Encoding, got both");
  if (facts.is_chunked && facts.is_http_1_0)
    return bad("Transfer-Encoding: expected none in HTTP/1.0, got one");
  if (facts.method == "CONNECT")
    return head_fault{problem_kind::not_implemented, "method: expected one of an origin server, got CONNECT"};
  return {};
}

} // namespace

std::variant<std::size_t, head_fault> head_scanner::scan(string_view bytes) {
  for (;;) {
    const auto feed = bytes.find('\n', searched_);
    if (feed == bytes.npos)
      break;
    if (feed == line_begin_ || bytes[feed - 1] != '\r')
      return bad("line end: expected CR LF, got LF alone");
    if (feed + 1 > head_limits::head_bytes_max)
      break;
    searched_ = feed + 1;
    if (feed == line_begin_ + 1)
      return feed + 1;
    line_begin_ = feed + 1;
    if (++fields_ > head_limits::fields_max + 1)
      return head_fault{problem_kind::header_too_large, "header: expected at most " +
                                                            std::to_string(head_limits::fields_max) +
                                                            " fields, got more"};
  }
  if (line_begin_ == 0 && bytes.size() > head_limits::target_bytes_max + 64)
    return head_fault{problem_kind::uri_too_long, "target: expected at most " +
                                                      std::to_string(head_limits::target_bytes_max) +
                                                      " bytes, got more"};
  if (bytes.size() >= head_limits::head_bytes_max)
    return head_fault{problem_kind::header_too_large, "header: expected at most " +
                                                          std::to_string(head_limits::head_bytes_max) +
                                                          " bytes, got more"};
  searched_ = bytes.size();
  return std::size_t{0};
}

std::variant<head_facts, head_fault> check_head(string_view head) {
  head_facts facts;
  framing_seen seen;
  for (std::size_t begin = 0; begin < head.size();) {
    const auto feed = head.find('\n', begin);
    if (feed == head.npos || feed == begin || head[feed - 1] != '\r')
      return bad("line end: expected CR LF, got LF alone or none");
    const auto line = head.substr(begin, feed - begin - 1);
    if (line.find('\r') != line.npos)
      return bad("line: expected no CR inside, got one");
    const bool is_first = begin == 0;
    begin = feed + 1;
    if (is_first) {
      if (auto fault = check_request_line(line, facts))
        return *std::move(fault);
    } else if (line.empty()) {
      if (auto fault = check_framing(facts, seen))
        return *std::move(fault);
      return facts;
    } else if (auto fault = check_field(line, facts, seen)) {
      return *std::move(fault);
    }
  }
  return bad("head: expected an empty line at its end, got none");
}

} // namespace reviews
