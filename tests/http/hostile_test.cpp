#define CAF_SUITE hostile

#include "http/server.hpp"

#include "tests/http/server_fixture.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::test;
using namespace std::string_literals;

namespace {

struct hostile_case {
  std::string bytes;
  int status;
};

const std::string start = "POST /v1/reviews HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";

std::string head(const std::string& lines) {
  return start + lines + "\r\n";
}

std::string chunked(const std::string& chunks) {
  return head("Transfer-Encoding: chunked\r\n") + chunks;
}

const std::vector<hostile_case> table = {
    // Not HTTP at all.
    {"\x16\x03\x01\x02\n\r\n\r\n", 400},
    {"hello\r\n\r\n", 400},
    {"PRI * HTTP/2.0\r\n\r\n", 505},
    {"\0\0\0\0\r\n\r\n"s, 400},
    {"GET / HTTP/1.1\nHost: a\n\n", 400},
    {"\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"{\"vendor_id\":\"a\"}\r\n\r\n", 400},
    // Request lines.
    {"GET /hello\r\n\r\n", 400},
    {"GET /hello HTTP/1.1x\r\nHost: a\r\n\r\n", 400},
    {"GET /hello HTTP/3.0\r\nHost: a\r\n\r\n", 505},
    {"GET /hello HTTP/1.2\r\nHost: a\r\n\r\n", 505},
    {"GET /hel lo HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET /%gg HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GE\x01T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 501},
    {"GET /" + std::string(8'300, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
    {"GET /" + std::string(20'000, 'a'), 414},
    {std::string(10'000, 'A'), 414},
    // Host.
    {"GET /hello HTTP/1.1\r\n\r\n", 400},
    {"GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
    {"GET /hello HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
    {"GET /hello HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
    {"GET /hello HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
    {"GET /hello HTTP/1.1\r\nHost: a:99999\r\n\r\n", 400},
    {"GET /hello HTTP/1.1\r\nHost: u@a\r\n\r\n", 400},
    {"GET /hello HTTP/1.1\r\nHost:\r\n\r\n", 400},
    {"GET /hello HTTP/1.1\r\nHost : a\r\n\r\n", 400},
    {"GET http://b/hello HTTP/1.1\r\n\r\n", 400},
    // Header lines.
    {head("A: b\r\n c\r\n"), 400},
    {head(" A: b\r\n"), 400},
    {head("A : b\r\n"), 400},
    {head("A\r\n"), 400},
    {head(": b\r\n"), 400},
    {head("A: b\rc\r\n"), 400},
    {head("A: b\0\r\n"s), 400},
    {head("A: \x1b[2J\r\n"), 400},
    {head("A\x80: b\r\n"), 400},
    {head("A: b\nX: y\r\n"), 400},
    {head("A: " + std::string(20'000, 'a') + "\r\n"), 431},
    {head([] {
       std::string lines;
       for (int i = 0; i < 150; ++i)
         lines += "A: b\r\n";
       return lines;
     }()),
     431},
    // Framing.
    {head("Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
    {head("Content-Length: 5\r\nContent-Length: 6\r\n"), 400},
    {head("Content-Length: 5,5\r\n"), 400},
    {head("Content-Length: -1\r\n"), 400},
    {head("Content-Length: +1\r\n"), 400},
    {head("Content-Length: 1e3\r\n"), 400},
    {head("Content-Length: 0x10\r\n"), 400},
    {head("Content-Length: \r\n"), 400},
    {head("Content-Length: 99999999999999999999999\r\n"), 413},
    {head("Content-Length: 18446744073709551615\r\n"), 413},
    {head("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400},
    {head("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"), 400},
    {head("Transfer-Encoding: gzip, chunked\r\n"), 400},
    {head("Transfer-Encoding: chunked, chunked\r\n"), 400},
    {head("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"), 400},
    {head("Transfer-Encoding: chunke\r\n"), 400},
    {head("Transfer-Encoding: \x0b"
          "chunked\r\n"),
     400},
    {head("Transfer-Encoding : chunked\r\n"), 400},
    {head("Transfer-Encoding:\r\n chunked\r\n"), 400},
    {"POST /v1/reviews HTTP/1.0\r\nContent-Type: application/json\r\nTransfer-Encoding: "
     "chunked\r\n\r\n0\r\n\r\n",
     400},
    // Chunks.
    {chunked("x\r\n"), 400},
    {chunked("-1\r\n"), 400},
    {chunked("0x1\r\na\r\n0\r\n\r\n"), 400},
    {chunked("1\r\nab\r\n0\r\n\r\n"), 400},
    {chunked("1\na\n0\n\n"), 400},
    {chunked(" 1\r\na\r\n0\r\n\r\n"), 400},
    {chunked("fffffffffffffffff\r\n"), 400},
    {chunked("ffffffff\r\n"), 413},
    {chunked("1;a=" + std::string(20'000, 'b') + "\r\n"), 400},
    {chunked("0\r\nA : b\r\n\r\n"), 400},
    {chunked("0\r\nA: " + std::string(20'000, 'b')), 400},
};

} // namespace

CAF_TEST(every hostile request is answered and its connection closed) {
  CAF_REQUIRE(table.size() >= 60);
  server_fixture fix;
  for (const auto& [bytes, status] : table) {
    auto client = fix.connect();
    const auto got = client.ask(bytes);
    if (got.status != status)
      CAF_MESSAGE("sent: " << bytes.substr(0, 300));
    CAF_CHECK_EQUAL(got.status, status);
    CAF_CHECK_EQUAL(got.header("Connection"), "close");
    CAF_CHECK_EQUAL(got.header("Content-Type"), "application/problem+json");
    CAF_CHECK_EQUAL(number_at(json_of(got), "/status"), status);
    CAF_CHECK(client.is_ended());
  }
  CAF_CHECK(fix.intake.calls().empty());
  CAF_CHECK_EQUAL(fix.connect().ask(get("/hello")).status, 200);
}

CAF_TEST(a request smuggled behind a refused one is not served) {
  server_fixture fix;
  auto client = fix.connect();

  const auto got = client.ask(head("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n" +
                              post(valid_review));

  CAF_CHECK_EQUAL(got.status, 400);
  CAF_CHECK(client.is_ended());
  CAF_CHECK(fix.intake.calls().empty());
}

CAF_TEST(a lawful request before a hostile one is answered first) {
  server_fixture fix;
  auto client = fix.connect();

  client.send(post(valid_review) + "GARBAGE\r\n\r\n");

  CAF_CHECK_EQUAL(client.read().status, 202);
  CAF_CHECK_EQUAL(client.read().status, 400);
  CAF_CHECK(client.is_ended());
}
