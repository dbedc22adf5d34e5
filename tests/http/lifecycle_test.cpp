#define CAF_SUITE lifecycle

#include "http/server.hpp"

#include "tests/http/server_fixture.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::test;

namespace {

/// Never answers.
class silent_endpoint : public endpoint {
public:
  answer handle(const http_request&, http_response&, const reply&) override { return answer::later; }
};

} // namespace

CAF_TEST(connections beyond the limit are told to come back) {
  auto params = server_fixture::quick();
  params.connections_max = 2;
  server_fixture fix(params);
  auto first = fix.connect();
  auto second = fix.connect();
  CAF_REQUIRE(eventually([&] { return fix.server->connections() == 2; }));

  auto third = fix.connect();
  const auto got = third.ask(get("/hello"));

  CAF_CHECK_EQUAL(got.status, 503);
  CAF_CHECK_EQUAL(got.header("Retry-After"), "1");
  CAF_CHECK(third.is_ended());
  CAF_CHECK_EQUAL(first.ask(get("/hello")).status, 200);
  CAF_CHECK(fix.shows_metric("http_server_connections_rejected_total 1"));
  third.close();
  CAF_REQUIRE(eventually([&] { return fix.server->connections() == 2; }));
  first.close();
  CAF_REQUIRE(eventually([&] { return fix.server->connections() == 1; }));
  CAF_CHECK_EQUAL(fix.connect().ask(get("/hello")).status, 200);
}

CAF_TEST(surplus connections have a limit too) {
  auto params = server_fixture::quick();
  params.connections_max = 1;
  server_fixture fix(params);
  std::vector<wire> clients;
  for (int i = 0; i < 100; ++i)
    clients.push_back(fix.connect());

  CAF_REQUIRE(eventually([&] { return fix.server->connections() == 65; }));
  for (auto& client : clients)
    client.close();
  CAF_CHECK(eventually([&] { return fix.connect().ask(get("/hello")).status == 200; }));
}

CAF_TEST(clients that vanish leave nothing behind) {
  server_fixture fix;
  fix.intake.hold();
  for (const auto& part : {std::string("GET /he"), post(valid_review).substr(0, 120), post(valid_review)}) {
    auto client = fix.connect();
    client.send(part);
  }
  CAF_REQUIRE(eventually([&] { return fix.intake.held_count() == 1; }));
  fix.intake.answer_all();

  CAF_CHECK(eventually([&] { return fix.server->connections() == 0; }));
  CAF_CHECK_EQUAL(fix.server->active_requests(), 0u);
  CAF_CHECK(eventually([&] { return fix.shows_metric("http_server_connections 0"); }));
  CAF_CHECK(fix.shows_metric("http_server_active_requests 0"));
}

CAF_TEST(a port in use is named) {
  server_fixture fix;
  auto params = server_fixture::quick();
  params.port = fix.server->port();
  boost::asio::io_context io;
  http_server uut(io, params, router{}, nullptr, "management");

  const auto started = uut.start();

  CAF_REQUIRE(!started);
  CAF_CHECK(started.error().code == ec::refused);
  CAF_CHECK_EQUAL(started.error().detail,
                  "management.port: expected a free port, got " + std::to_string(params.port) + " in use");
}

CAF_TEST(a foreign address is named) {
  boost::asio::io_context io;
  auto params = server_fixture::quick();
  params.host = "192.0.2.1";
  http_server uut(io, params, router{}, nullptr);

  CAF_CHECK_EQUAL(uut.start().error().detail,
                  "http.host: expected an address of this machine, got 192.0.2.1");
}

CAF_TEST(draining answers 503 to posts and ends connections) {
  server_fixture fix;
  fix.intake.hold();
  auto idle = fix.connect();
  CAF_CHECK_EQUAL(idle.ask(get("/hello")).status, 200);
  auto busy = fix.connect();
  busy.send(post(valid_review));
  CAF_REQUIRE(eventually([&] { return fix.intake.held_count() == 1; }));

  fix.server->begin_drain();

  const auto refused = idle.ask(post(valid_review));
  CAF_CHECK_EQUAL(refused.status, 503);
  CAF_CHECK_EQUAL(refused.header("Connection"), "close");
  CAF_CHECK_EQUAL(refused.header("Retry-After"), "1");
  CAF_CHECK_EQUAL(text_at(json_of(refused), "/type"), "/problems/shutting-down");
  CAF_CHECK(idle.is_ended());
  const auto fresh = fix.connect().ask(get("/hello"));
  CAF_CHECK_EQUAL(fresh.status, 200);
  CAF_CHECK_EQUAL(fresh.header("Connection"), "close");
  fix.intake.answer_all();
  const auto finished = busy.read();
  CAF_CHECK_EQUAL(finished.status, 202);
  CAF_CHECK_EQUAL(finished.header("Connection"), "close");
}

CAF_TEST(what comes while draining does not count as admitted) {
  router routes;
  routes.add(http_method::get, "/wait", std::make_unique<silent_endpoint>());
  server_fixture fix(server_fixture::quick(), std::move(routes));
  auto before = fix.connect();
  before.send(get("/wait"));
  CAF_REQUIRE(eventually([&] { return fix.server->admitted_requests() == 1; }));

  fix.server->begin_drain();
  auto after = fix.connect();
  after.send(get("/wait"));

  CAF_CHECK(eventually([&] { return fix.server->active_requests() == 2; }));
  CAF_CHECK_EQUAL(fix.server->admitted_requests(), 1u);
}

CAF_TEST(an admitted request counts until it is answered) {
  server_fixture fix;
  fix.intake.hold();
  auto client = fix.connect();
  client.send(post(valid_review));
  CAF_REQUIRE(eventually([&] { return fix.intake.held_count() == 1; }));
  fix.server->begin_drain();
  CAF_CHECK_EQUAL(fix.server->admitted_requests(), 1u);

  fix.intake.answer_all();

  CAF_CHECK_EQUAL(client.read().status, 202);
  CAF_CHECK(eventually([&] { return fix.server->admitted_requests() == 0; }));
}

CAF_TEST(stopping lets requests under way finish) {
  server_fixture fix;
  fix.intake.hold();
  auto idle = fix.connect();
  CAF_CHECK_EQUAL(idle.ask(get("/hello")).status, 200);
  auto busy = fix.connect();
  busy.send(post(valid_review));
  CAF_REQUIRE(eventually([&] { return fix.intake.held_count() == 1; }));

  fix.server->stop();

  CAF_CHECK(idle.is_ended());
  CAF_CHECK_EQUAL(fix.server->active_requests(), 1u);
  fix.intake.answer_all();
  CAF_CHECK_EQUAL(busy.read().status, 202);
  CAF_CHECK(busy.is_ended());
  busy.close();
  CAF_CHECK(eventually([&] { return fix.server->connections() == 0; }));
  CAF_CHECK(eventually([&] {
    try {
      fix.connect();
      return false;
    } catch (const std::runtime_error&) {
      return true;
    }
  }));
}

CAF_TEST(a server that is gone leaves its metrics alone) {
  prometheus::Registry registry;
  http_metrics metrics(registry);
  {
    boost::asio::io_context io;
    http_server uut(io, server_fixture::quick(), router{}, &metrics);
    CAF_REQUIRE(uut.start());
    std::thread runner([&] { io.run(); });
    wire client(uut.port());
    CAF_CHECK(eventually([&] { return uut.connections() == 1; }));
    io.stop();
    runner.join();
  }
  // The loop, which goes after the server, still held the connection.
  const auto text = prometheus::TextSerializer().Serialize(registry.Collect());
  CAF_CHECK(text.find("http_server_connections 1\n") != std::string::npos);
}

CAF_TEST(a server may go while requests wait) {
  fake_intake intake;
  intake.hold();
  {
    boost::asio::io_context io;
    router routes;
    add_post_reviews(routes, intake, server_fixture::quick(), nullptr);
    http_server uut(io, server_fixture::quick(), std::move(routes), nullptr);
    CAF_REQUIRE(uut.start());
    std::thread runner([&] { io.run(); });
    wire client(uut.port());
    client.send(post(valid_review));
    CAF_CHECK(eventually([&] { return intake.held_count() == 1; }));
    io.stop();
    runner.join();
  }
  intake.answer_all();
  CAF_CHECK_EQUAL(intake.held_count(), 0u);
}
