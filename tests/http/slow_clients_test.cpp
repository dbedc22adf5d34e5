#define CAF_SUITE slow_clients

#include "http/server.hpp"

#include "tests/http/server_fixture.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::test;

namespace {

std::string big_text() {
  return std::string(8u << 20, 'x');
}

router big_routes() {
  router routes;
  routes.add(http_method::get, "/big", std::make_unique<text_endpoint>(big_text()));
  return routes;
}

} // namespace

CAF_TEST(a large response reaches a slow reader whole) {
  server_fixture fix(server_fixture::quick(), big_routes());
  wire client(fix.server->port(), 4096);

  const auto got = client.ask(get("/big"));

  CAF_CHECK_EQUAL(got.status, 200);
  CAF_CHECK(got.body == big_text());
}

CAF_TEST(a reader that stands still is let go) {
  auto params = server_fixture::quick();
  params.body_timeout = 200ms;
  server_fixture fix(params, big_routes());
  wire client(fix.server->port(), 4096);

  client.send(get("/big"));

  CAF_REQUIRE(eventually([&] { return fix.server->connections() == 1; }));
  CAF_CHECK(eventually([&] { return fix.server->connections() == 0; }));
}

CAF_TEST(what readers have not taken has a bound together) {
  auto params = server_fixture::quick();
  params.body_timeout = 1h;
  params.bodies_bytes_max = big_text().size(); // the kernel takes less than half of each
  server_fixture fix(params, big_routes());
  wire first(fix.server->port(), 4096);
  first.send(get("/big"));
  CAF_REQUIRE(eventually([&] { return !fix.shows_metric("http_server_answers_bytes 0"); }));

  wire second(fix.server->port(), 4096);
  second.send(get("/big"));
  CAF_CHECK(eventually([&] { return fix.server->connections() == 1; }));

  const auto got = first.read();
  CAF_CHECK(got.body == big_text());
  CAF_CHECK(eventually([&] { return fix.shows_metric("http_server_answers_bytes 0"); }));
}
