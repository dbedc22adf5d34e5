#define CAF_SUITE head_rules

#include "http/head_rules.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace std::string_literals;

namespace {

struct head_case {
  std::string head;
  unsigned status; ///< 0: lawful.
};

std::string with(const std::string& lines) {
  return "POST /v1/reviews HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
}

std::string line(const std::string& request_line) {
  return request_line + "\r\nHost: a\r\n\r\n";
}

unsigned judge(const std::string& head) {
  const auto judged = check_head(head);
  const auto* fault = std::get_if<head_fault>(&judged);
  return fault ? status_of(fault->kind) : 0;
}

void check_all(const std::vector<head_case>& cases) {
  for (const auto& [head, status] : cases) {
    const auto got = judge(head);
    if (got != status)
      CAF_MESSAGE("head: " << head);
    CAF_CHECK_EQUAL(got, status);
  }
}

std::size_t end_of(std::variant<std::size_t, head_fault> found) {
  return std::get<std::size_t>(found);
}

} // namespace

CAF_TEST(request lines are judged by RFC 9112) {
  check_all({
      {line("GET / HTTP/1.1"), 0},
      {line("GET / HTTP/1.0"), 0},
      {line("M-SEARCH /a?b=c%20d HTTP/1.1"), 0},
      {line("GET http://example.org/a?b HTTP/1.1"), 0},
      {line("GET https://[::1]:8080 HTTP/1.1"), 0},
      {line("OPTIONS * HTTP/1.1"), 0},
      {line("GET * HTTP/1.1"), 400},
      {line("GET  / HTTP/1.1"), 400},
      {line("GET /  HTTP/1.1"), 400},
      {line(" GET / HTTP/1.1"), 400},
      {line("GET / HTTP/1.1 "), 400},
      {line("GET /"), 400},
      {line("GET"), 400},
      {line(""), 400},
      {line("GET\t/\tHTTP/1.1"), 400},
      {line("G<T / HTTP/1.1"), 400},
      {line("GET / http/1.1"), 400},
      {line("GET / HTTP/1,1"), 400},
      {line("GET / HTTP/11"), 400},
      {line("GET / HTTP/1.10"), 400},
      {line("GET / HTTPS/1.1"), 400},
      {line("GET / HTTP/1.2"), 505},
      {line("GET / HTTP/2.0"), 505},
      {line("GET / HTTP/0.9"), 505},
      {line("GET /a b HTTP/1.1"), 400},
      {line("GET /a#b HTTP/1.1"), 400},
      {line("GET /\x7f HTTP/1.1"), 400},
      {line("GET /\xc3\xa9 HTTP/1.1"), 400},
      {line("GET /%zz HTTP/1.1"), 400},
      {line("GET /%4 HTTP/1.1"), 400},
      {line("GET /\"x\" HTTP/1.1"), 400},
      {line("GET a/b HTTP/1.1"), 400},
      {line("GET ftp://example.org/ HTTP/1.1"), 400},
      {line("GET http:///a HTTP/1.1"), 400},
      {line("GET http://user@example.org/ HTTP/1.1"), 400},
      {line("CONNECT example.org:443 HTTP/1.1"), 501},
      {line("GET /" + std::string(8191, 'a') + " HTTP/1.1"), 0},
      {line("GET /" + std::string(8192, 'a') + " HTTP/1.1"), 414},
  });
}

CAF_TEST(hosts are judged by RFC 9112 and RFC 3986) {
  const auto host = [](const std::string& value) { return "GET / HTTP/1.1\r\nHost:" + value + "\r\n\r\n"; };
  check_all({
      {host(" example.org"), 0},
      {host("example.org"), 0},
      {host(" example.org:"), 0},
      {host(" 127.0.0.1:65535 \t"), 0},
      {host(" [2001:db8::1]:80"), 0},
      {host(" %41.org"), 0},
      {host(""), 400},
      {host(" :80"), 400},
      {host(" a b"), 400},
      {host(" a/b"), 400},
      {host(" a,b"), 0},
      {host(" user@a"), 400},
      {host(" a:b"), 400},
      {host(" a:65536"), 400},
      {host(" a:-1"), 400},
      {host(" a:80:80"), 400},
      {host(" [::1"), 400},
      {host(" [::1]x"), 400},
      {host(" [xyz]"), 400},
      {host(" a%2"), 400},
      {host(" a<b"), 400},
      {host(" http://a"), 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.0\r\n\r\n", 0},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nhOST: b\r\n\r\n", 400},
      {"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400},
  });
}

CAF_TEST(message framing must be unambiguous) {
  check_all({
      {with("Content-Length: 5\r\n"), 0},
      {with("Content-Length:\t5 \r\n"), 0},
      {with("Content-Length: 007\r\n"), 0},
      {with("Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
      {with("Content-Length: 5, 5\r\n"), 400},
      {with("Content-Length: +5\r\n"), 400},
      {with("Content-Length: -5\r\n"), 400},
      {with("Content-Length: 0x5\r\n"), 400},
      {with("Content-Length: 5.0\r\n"), 400},
      {with("Content-Length: 5 5\r\n"), 400},
      {with("Content-Length:\r\n"), 400},
      {with("Content-Length: \xd9\xa5\r\n"), 400},
      {with("Content-Length: 99999999999999999999\r\n"), 413},
      {with("Transfer-Encoding: chunked\r\n"), 0},
      {with("Transfer-Encoding: Chunked\r\n"), 0},
      {with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400},
      {with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400},
      {with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
      {with("Transfer-Encoding: gzip, chunked\r\n"), 400},
      {with("Transfer-Encoding: chunked, chunked\r\n"), 400},
      {with("Transfer-Encoding: chunked, identity\r\n"), 400},
      {with("Transfer-Encoding: xchunked\r\n"), 400},
      {with("Transfer-Encoding: chunked;q=1\r\n"), 400},
      {with("Transfer-Encoding: \"chunked\"\r\n"), 400},
      {with("Transfer-Encoding: identity\r\n"), 400},
      {with("Transfer-Encoding:\r\n"), 400},
      {with("Transfer-Encoding: chunked\x0b\r\n"), 400},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
  });
}

CAF_TEST(header lines are judged by RFC 9112) {
  check_all({
      {with("A: b\r\n"), 0},
      {with("A:\r\n"), 0},
      {with("A: caf\xc3\xa9 \t x\r\n"), 0},
      {with("A!#$%&'*+-.^_`|~9: b\r\n"), 0},
      {with("A : b\r\n"), 400},
      {with("A\t: b\r\n"), 400},
      {with(" A: b\r\n"), 400},
      {with("A: b\r\n c\r\n"), 400},
      {with("A: b\r\n\tc\r\n"), 400},
      {with("A\r\n"), 400},
      {with(": b\r\n"), 400},
      {with("A B: c\r\n"), 400},
      {with("A(: b\r\n"), 400},
      {with("\xc3\xa9: b\r\n"), 400},
      {with("A: b\0c\r\n"s), 400},
      {with("A\0: b\r\n"s), 400},
      {with("A: b\x01\r\n"), 400},
      {with("A: b\x7f\r\n"), 400},
      {with("A: b\rc\r\n"), 400},
      {with("A: b\r\r\n"), 400},
      {with("\rA: b\r\n"), 400},
      {"GET / HTTP/1.1\nHost: a\n\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\n\r\n", 400},
      {"GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\n", 400},
  });
}

CAF_TEST(a lawful head tells its parts) {
  const auto judged = check_head("POST http://example.org/a/b?c=d HTTP/1.1\r\nHost: x\r\n"
                                 "content-LENGTH: 42\r\nExpect: 100-Continue\r\n\r\n");

  const auto& facts = std::get<head_facts>(judged);
  CAF_CHECK_EQUAL(facts.method, "POST");
  CAF_CHECK_EQUAL(facts.path, "/a/b");
  CAF_CHECK_EQUAL(facts.query, "c=d");
  CAF_CHECK_EQUAL(facts.content_length.value_or(0), 42u);
  CAF_CHECK(facts.expects == expectation::go_on);
  CAF_CHECK(!facts.is_chunked);
  CAF_CHECK(!facts.is_http_1_0);
}

CAF_TEST(an unknown expectation is told apart) {
  const auto judged = check_head(with("Expect: 100-continue\r\nExpect: more\r\n"));

  CAF_CHECK(std::get<head_facts>(judged).expects == expectation::unknown);
}

CAF_TEST(the end of a head is found however it arrives) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  head_scanner uut;

  for (std::size_t n = 1; n < head.size(); ++n)
    CAF_CHECK_EQUAL(end_of(uut.scan(head.substr(0, n))), 0u);
  CAF_CHECK_EQUAL(end_of(uut.scan(head + "body")), head.size());
}

CAF_TEST(a head without end is refused by its kind of excess) {
  const auto kind_of_excess = [](const std::string& bytes) {
    return std::get<head_fault>(head_scanner().scan(bytes)).kind;
  };
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 101; ++i)
    many += "A: b\r\n";

  CAF_CHECK(kind_of_excess("GET /" + std::string(9'000, 'a')) == problem_kind::uri_too_long);
  CAF_CHECK(kind_of_excess("GET / HTTP/1.1\r\nA: " + std::string(17'000, 'a')) ==
            problem_kind::header_too_large);
  CAF_CHECK(kind_of_excess("GET / HTTP/1.1\r\nA: " + std::string(17'000, 'a') + "\r\n\r\n") ==
            problem_kind::header_too_large);
  CAF_CHECK(kind_of_excess(many) == problem_kind::header_too_large);
  CAF_CHECK(kind_of_excess("GET / HTTP/1.1\n") == problem_kind::bad_request);
}
