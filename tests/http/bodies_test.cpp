#define CAF_SUITE bodies

#include "http/gzip.hpp"
#include "http/server.hpp"

#include "tests/http/server_fixture.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::test;

namespace {

const std::string head = "POST /v1/reviews HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";

std::string chunk(std::string_view bytes, std::string_view extension = "") {
  char size[32];
  std::snprintf(size, sizeof size, "%zx", bytes.size());
  return std::string(size).append(extension).append("\r\n").append(bytes).append("\r\n");
}

std::string sized_review(std::size_t bytes) {
  return std::string(bytes - valid_review.size(), ' ') + valid_review;
}

} // namespace

CAF_TEST(chunked bodies are put together) {
  server_fixture fix;
  auto client = fix.connect();
  std::string request = head + "Transfer-Encoding: chunked\r\n\r\n";
  for (const char c : valid_review)
    request += chunk({&c, 1}, ";ext=\"quoted\"");
  request += "0\r\nTrailer-Field: x\r\n\r\n";

  client.send(request + get("/hello"));

  CAF_CHECK_EQUAL(client.read().status, 202);
  CAF_CHECK_EQUAL(client.read().body, "hello");
}

CAF_TEST(chunked bodies may arrive byte by byte) {
  server_fixture fix;
  auto client = fix.connect();

  for (const char c : head + "Transfer-Encoding: chunked\r\n\r\n" + chunk(valid_review) + "0\r\n\r\n")
    client.send({&c, 1});

  CAF_CHECK_EQUAL(client.read().status, 202);
}

CAF_TEST(a client that asks first is told to go on) {
  server_fixture fix;
  auto client = fix.connect();
  const auto expecting =
      head + "Expect: 100-continue\r\nContent-Length: " + std::to_string(valid_review.size()) + "\r\n\r\n";

  client.send(expecting);
  CAF_CHECK_EQUAL(client.read().status, 100);
  client.send(valid_review);
  CAF_CHECK_EQUAL(client.read().status, 202);
  client.send(expecting + valid_review);
  CAF_CHECK_EQUAL(client.read().status, 202);
}

CAF_TEST(a client that asks first is refused first) {
  server_fixture fix;
  auto large = fix.connect();
  const auto got = large.ask(head + "Expect: 100-continue\r\nContent-Length: 70000\r\n\r\n");
  CAF_CHECK_EQUAL(got.status, 413);
  CAF_CHECK_EQUAL(got.header("Connection"), "close");

  auto strange = fix.connect();
  CAF_CHECK_EQUAL(strange.ask(head + "Expect: cookies\r\nContent-Length: 1\r\n\r\n1").status, 417);
  CAF_CHECK_EQUAL(strange.ask(get("/hello")).status, 200);
}

CAF_TEST(bodies under way have a bound together and room again when one is gone) {
  auto params = server_fixture::quick();
  params.bodies_bytes_max = 1'000;
  server_fixture fix(params);
  auto slow = fix.connect();
  slow.send(head + "Content-Length: 900\r\n\r\n{");
  CAF_REQUIRE(eventually([&] { return fix.shows_metric("http_server_bodies_bytes 900"); }));

  const auto got = fix.connect().ask(head + "Content-Length: 200\r\n\r\n{");
  CAF_CHECK_EQUAL(got.status, 503);
  CAF_CHECK_EQUAL(got.header("Retry-After"), "1");
  CAF_CHECK_EQUAL(got.header("Connection"), "close");
  slow.send(sized_review(899)); // whole now, though no JSON
  CAF_CHECK_EQUAL(slow.read().status, 400);
  CAF_CHECK(eventually([&] { return fix.shows_metric("http_server_bodies_bytes 0"); }));

  auto next = fix.connect();
  next.send(head + "Content-Length: 900\r\n\r\n ");
  next.send(sized_review(899));
  CAF_CHECK_EQUAL(next.read().status, 202);
}

CAF_TEST(a refused short body does not cost the connection) {
  server_fixture fix;
  auto client = fix.connect();

  client.send(post(valid_review, "", "text/plain") + get("/hello"));

  CAF_CHECK_EQUAL(client.read().status, 415);
  CAF_CHECK_EQUAL(client.read().status, 200);
}

CAF_TEST(bodies are limited by size) {
  server_fixture fix;
  auto client = fix.connect();

  CAF_CHECK_EQUAL(client.ask(post(sized_review(65'536))).status, 202);
  client.send(post(sized_review(65'537)));
  CAF_CHECK_EQUAL(client.read().status, 413);
  CAF_CHECK(client.is_ended());
}

CAF_TEST(chunked bodies are limited by size) {
  server_fixture fix;
  auto fits = fix.connect();
  const auto chunked = [](std::size_t bytes) {
    return head + "Transfer-Encoding: chunked\r\n\r\n" + chunk(sized_review(bytes)) + "0\r\n\r\n";
  };

  CAF_CHECK_EQUAL(fits.ask(chunked(65'536)).status, 202);
  CAF_CHECK_EQUAL(fits.ask(chunked(65'537)).status, 413);
  CAF_CHECK(fits.is_ended());
}

CAF_TEST(a huge body is refused while it is still being sent) {
  server_fixture fix;
  auto client = fix.connect();

  client.send(head + "Content-Length: 500000\r\n\r\n" + std::string(400'000, ' '));

  CAF_CHECK_EQUAL(client.read().status, 413);
}

CAF_TEST(a post without length is refused) {
  server_fixture fix;
  auto client = fix.connect();

  CAF_CHECK_EQUAL(client.ask(head + "\r\n").status, 411);
  CAF_CHECK_EQUAL(client.ask(head + "Content-Length: 0\r\n\r\n").status, 400);
}

CAF_TEST(gzip bodies are unpacked) {
  server_fixture fix;
  auto client = fix.connect();
  const auto packed = gzip(valid_review);

  CAF_CHECK_EQUAL(client.ask(post(packed, "Content-Encoding: gzip\r\n")).status, 202);
  CAF_CHECK_EQUAL(client.ask(post(packed, "Content-Encoding: X-GZIP\r\n")).status, 202);
  CAF_CHECK_EQUAL(client
                      .ask(head + "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" +
                           chunk(packed) + "0\r\n\r\n")
                      .status,
                  202);
  CAF_CHECK_EQUAL(client.ask(post(valid_review, "Content-Encoding: identity\r\n")).status, 202);
}

CAF_TEST(gzip bodies are limited by what comes out) {
  server_fixture fix;
  auto client = fix.connect();

  CAF_CHECK_EQUAL(client.ask(post(gzip(sized_review(65'536)), "Content-Encoding: gzip\r\n")).status, 202);
  CAF_CHECK_EQUAL(client.ask(post(gzip(sized_review(65'537)), "Content-Encoding: gzip\r\n")).status, 413);
  CAF_CHECK_EQUAL(client.ask(post(gzip(std::string(20'000'000, ' ')), "Content-Encoding: gzip\r\n")).status,
                  413);
}

CAF_TEST(gzip bodies need room for what comes out and give it back) {
  auto params = server_fixture::quick();
  params.bodies_bytes_max = 1'000;
  server_fixture fix(params);

  const auto got = fix.connect().ask(post(gzip(sized_review(1'001)), "Content-Encoding: gzip\r\n"));
  CAF_CHECK_EQUAL(got.status, 503);
  CAF_CHECK_EQUAL(got.header("Retry-After"), "1");

  auto client = fix.connect();
  for (int i = 0; i < 3; ++i)
    CAF_CHECK_EQUAL(client.ask(post(gzip(sized_review(1'000)), "Content-Encoding: gzip\r\n")).status, 202);
}

CAF_TEST(the largest body finds room packed and in chunks) {
  auto params = server_fixture::quick();
  params.bodies_bytes_max = std::max(params.body_bytes_max, params.batch_bytes_max); // the least there may be
  server_fixture fix(params);

  const auto packed = gzip(sized_review(params.body_bytes_max));
  const auto got = fix.connect().ask(head + "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" +
                                     chunk(packed) + "0\r\n\r\n");

  CAF_CHECK_EQUAL(got.status, 202);
}

CAF_TEST(an unknown expectation is refused before the body has come) {
  server_fixture fix;

  const auto got = fix.connect().ask(head + "Expect: cookies\r\nContent-Length: 1\r\n\r\n");

  CAF_CHECK_EQUAL(got.status, 417);
  CAF_CHECK_EQUAL(got.header("Connection"), "close");
}

CAF_TEST(other codings and broken gzip are refused) {
  server_fixture fix;
  auto client = fix.connect();

  const auto brotli = client.ask(post(valid_review, "Content-Encoding: br\r\n"));
  CAF_CHECK_EQUAL(brotli.status, 415);
  CAF_CHECK_EQUAL(brotli.header("Accept-Encoding"), "gzip");
  CAF_CHECK_EQUAL(
      client.ask(post(valid_review, "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n")).status, 415);
  CAF_CHECK_EQUAL(client.ask(post(valid_review, "Content-Encoding: gzip\r\n")).status, 400);
  CAF_CHECK_EQUAL(client.ask(post(valid_review)).status, 202);
}
