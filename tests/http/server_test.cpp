#define CAF_SUITE server

#include "http/server.hpp"

#include "tests/http/server_fixture.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::test;

namespace {

class throwing_endpoint : public endpoint {
public:
  answer handle(const http_request&, http_response&, const reply&) override {
    throw std::runtime_error("boom");
  }
};

} // namespace

CAF_TEST(a connection serves one request after the other) {
  server_fixture fix;
  auto client = fix.connect();

  for (int i = 0; i < 3; ++i) {
    const auto got = client.ask(get("/hello"));
    CAF_CHECK_EQUAL(got.status, 200);
    CAF_CHECK_EQUAL(got.body, "hello");
    CAF_CHECK_EQUAL(got.header("Connection"), "");
  }
  CAF_CHECK_EQUAL(fix.server->connections(), 1u);
}

CAF_TEST(a pipeline is answered in its order) {
  server_fixture fix;
  auto client = fix.connect();
  std::string pipeline;
  for (int i = 0; i < 50; ++i)
    pipeline += i % 2 == 0 ? post(valid_review) : get("/hello");

  client.send(pipeline);

  for (int i = 0; i < 50; ++i)
    CAF_CHECK_EQUAL(client.read().status, i % 2 == 0 ? 202 : 200);
}

CAF_TEST(a pipeline waits for a late answer) {
  server_fixture fix;
  fix.intake.hold();
  auto client = fix.connect();

  client.send(post(valid_review) + get("/hello"));
  CAF_REQUIRE(eventually([&] { return fix.intake.held_count() == 1; }));
  CAF_CHECK_EQUAL(fix.server->active_requests(), 1u);
  fix.intake.answer_all();

  CAF_CHECK_EQUAL(client.read().status, 202);
  CAF_CHECK_EQUAL(client.read().status, 200);
  CAF_CHECK(eventually([&] { return fix.server->active_requests() == 0; }));
}

CAF_TEST(requests may arrive byte by byte) {
  server_fixture fix;
  auto client = fix.connect();

  for (const char c : "\r\n" + post(valid_review))
    client.send({&c, 1});

  CAF_CHECK_EQUAL(client.read().status, 202);
}

CAF_TEST(HEAD answers as GET without the body) {
  server_fixture fix;
  auto client = fix.connect();

  client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto got = client.read(false);

  CAF_CHECK_EQUAL(got.status, 200);
  CAF_CHECK_EQUAL(got.header("Content-Length"), "5");
  CAF_CHECK_EQUAL(client.ask(get("/hello")).body, "hello");
}

CAF_TEST(unknown paths and methods are told so) {
  server_fixture fix;
  auto client = fix.connect();

  const auto nowhere = client.ask(get("/nowhere?x"));
  CAF_CHECK_EQUAL(nowhere.status, 404);
  CAF_CHECK_EQUAL(nowhere.header("Content-Type"), "application/problem+json");
  const auto wrong = client.ask(get("/v1/reviews"));
  CAF_CHECK_EQUAL(wrong.status, 405);
  CAF_CHECK_EQUAL(wrong.header("Allow"), "POST");
  CAF_CHECK_EQUAL(client.ask("BREW /hello HTTP/1.1\r\nHost: a\r\n\r\n").header("Allow"), "GET, HEAD");
  CAF_CHECK_EQUAL(client.ask("OPTIONS /hello HTTP/1.1\r\nHost: a\r\n\r\n").status, 405);
  CAF_CHECK(eventually([&] {
    return fix.shows_metric(
        "http_request_method=\"_OTHER\",http_response_status_code=\"405\",http_route=\"/hello\"} 1");
  }));
  CAF_CHECK(
      fix.shows_metric("http_request_method=\"GET\",http_response_status_code=\"404\",http_route=\"\"} 1"));
  CAF_CHECK(!fix.shows_metric("nowhere"));
}

CAF_TEST(every response carries the id of its request) {
  server_fixture fix;
  auto client = fix.connect();

  const auto own = client.ask(get("/nowhere"));
  const auto given = client.ask(get("/nowhere", "X-Request-Id: client-42\r\n"));
  const auto insane = client.ask(get("/nowhere", "X-Request-Id: a\"b\r\n"));

  CAF_CHECK(own.header("X-Request-Id").starts_with("urn:uuid:"));
  CAF_CHECK_EQUAL(text_at(json_of(own), "/instance"), own.header("X-Request-Id"));
  CAF_CHECK_EQUAL(given.header("X-Request-Id"), "client-42");
  CAF_CHECK_EQUAL(text_at(json_of(given), "/instance"), "client-42");
  CAF_CHECK(insane.header("X-Request-Id").starts_with("urn:uuid:"));
  CAF_CHECK(own.header("X-Request-Id") != insane.header("X-Request-Id"));
}

CAF_TEST(HTTP 1.0 closes unless asked not to) {
  server_fixture fix;
  auto client = fix.connect();

  const auto kept = client.ask("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CAF_CHECK_EQUAL(kept.header("Connection"), "keep-alive");
  const auto last = client.ask("GET /hello HTTP/1.0\r\n\r\n");

  CAF_CHECK_EQUAL(last.status, 200);
  CAF_CHECK_EQUAL(last.header("Connection"), "close");
  CAF_CHECK(client.is_ended());
}

CAF_TEST(a client may ask to close) {
  server_fixture fix;
  auto client = fix.connect();

  CAF_CHECK_EQUAL(client.ask(get("/hello", "Connection: close\r\n")).header("Connection"), "close");
  CAF_CHECK(client.is_ended());
  client.close();
  CAF_CHECK(eventually([&] { return fix.server->connections() == 0; }));
}

CAF_TEST(CORS is granted to the origins set) {
  auto params = server_fixture::quick();
  params.cors_allowed_origins = {"https://shop.example"};
  server_fixture fix(params);
  auto client = fix.connect();

  const auto friendly = client.ask(get("/hello", "Origin: https://shop.example\r\n"));
  CAF_CHECK_EQUAL(friendly.header("Access-Control-Allow-Origin"), "https://shop.example");
  CAF_CHECK_EQUAL(friendly.header("Vary"), "Origin");
  CAF_CHECK_EQUAL(
      client.ask(get("/hello", "Origin: https://evil.example\r\n")).header("Access-Control-Allow-Origin"),
      "");
  const auto preflight =
      client.ask("OPTIONS /v1/reviews HTTP/1.1\r\nHost: a\r\nOrigin: https://shop.example\r\n"
                 "Access-Control-Request-Method: POST\r\n\r\n");
  CAF_CHECK_EQUAL(preflight.status, 204);
  CAF_CHECK_EQUAL(preflight.header("Access-Control-Allow-Methods"), "POST, OPTIONS");
  CAF_CHECK(preflight.header("Access-Control-Allow-Headers").find("Idempotency-Key") != std::string::npos);
  CAF_CHECK_EQUAL(client.ask("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").status, 204);
}

CAF_TEST(CORS is off by default) {
  server_fixture fix;
  auto client = fix.connect();

  CAF_CHECK_EQUAL(
      client.ask(get("/hello", "Origin: https://shop.example\r\n")).header("Access-Control-Allow-Origin"),
      "");
}

CAF_TEST(a client over its rate is told when to come back) {
  auto params = server_fixture::quick();
  params.rate_limit = 2;
  server_fixture fix(params);
  auto client = fix.connect();

  CAF_CHECK_EQUAL(client.ask(get("/hello")).status, 200);
  CAF_CHECK_EQUAL(client.ask(get("/hello")).status, 200);
  const auto got = client.ask(post(valid_review));

  CAF_CHECK_EQUAL(got.status, 429);
  CAF_CHECK_EQUAL(got.header("Retry-After"), "1");
  CAF_CHECK_EQUAL(got.header("RateLimit-Policy"), "\"default\";q=2;w=1");
  CAF_CHECK_EQUAL(got.header("RateLimit"), "\"default\";r=0;t=1");
  CAF_CHECK(fix.shows_metric("reviews_rejected_total{reason=\"rate_limited\"} 1"));
  fix.server->set_rate_limit(0);
  CAF_CHECK_EQUAL(client.ask(get("/hello")).status, 200);
}

CAF_TEST(an endpoint that throws answers 500 and nothing breaks) {
  router routes;
  routes.add(http_method::get, "/throws", std::make_unique<throwing_endpoint>());
  server_fixture fix(server_fixture::quick(), std::move(routes));
  auto client = fix.connect();

  const auto got = client.ask(get("/throws"));

  CAF_CHECK_EQUAL(got.status, 500);
  CAF_CHECK(got.body.find("boom") == std::string::npos);
  CAF_CHECK_EQUAL(client.ask(get("/throws")).status, 500);
}
