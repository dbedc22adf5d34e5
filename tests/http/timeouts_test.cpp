#define CAF_SUITE timeouts

#include "http/server.hpp"

#include "tests/http/server_fixture.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::test;

CAF_TEST(a head that never ends is answered 408) {
  auto params = server_fixture::quick();
  params.header_timeout = 200ms;
  server_fixture fix(params);
  auto client = fix.connect();

  const auto got = client.ask("GET /hello HTTP/1.1\r\nHost: a\r\n");

  CAF_CHECK_EQUAL(got.status, 408);
  CAF_CHECK_EQUAL(got.header("Connection"), "close");
  CAF_CHECK(client.is_ended());
}

CAF_TEST(a head in drops does not gain time) {
  auto params = server_fixture::quick();
  params.header_timeout = 300ms;
  server_fixture fix(params);
  auto client = fix.connect();
  std::atomic<bool> is_answered{false};
  std::thread drops([&] {
    client.send("GET /hello HTTP/1.1\r\nX: ");
    while (!is_answered && client.send("a"))
      std::this_thread::sleep_for(5ms);
  });

  const auto got = client.read();
  is_answered = true;
  drops.join();

  CAF_CHECK_EQUAL(got.status, 408);
}

CAF_TEST(a body that never ends is answered 408) {
  auto params = server_fixture::quick();
  params.body_timeout = 200ms;
  server_fixture fix(params);

  for (const auto* framing : {"Content-Length: 100\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n5\r\n{"}) {
    auto client = fix.connect();
    const auto got = client.ask(
        std::string("POST /v1/reviews HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n") + framing);
    CAF_CHECK_EQUAL(got.status, 408);
    CAF_CHECK(client.is_ended());
  }
  CAF_CHECK(fix.intake.calls().empty());
  CAF_CHECK(fix.shows_metric("reviews_rejected_total{reason=\"request_timeout\"} 2"));
}

CAF_TEST(an idle connection is closed silently) {
  auto params = server_fixture::quick();
  params.idle_timeout = 200ms;
  server_fixture fix(params);
  auto fresh = fix.connect();
  auto used = fix.connect();
  CAF_CHECK_EQUAL(used.ask(get("/hello")).status, 200);

  CAF_CHECK(fresh.is_ended());
  CAF_CHECK(used.is_ended());
  CAF_CHECK(eventually([&] { return fix.server->connections() == 0; }));
}

CAF_TEST(a connection in use is not idle) {
  auto params = server_fixture::quick();
  params.idle_timeout = 300ms;
  server_fixture fix(params);
  auto client = fix.connect();

  for (int i = 0; i < 6; ++i) {
    CAF_CHECK_EQUAL(client.ask(get("/hello")).status, 200);
    CAF_CHECK(client.is_quiet_for(100ms));
  }
}

CAF_TEST(no acknowledgement in time is 504 and a late one harmless) {
  auto params = server_fixture::quick();
  params.request_timeout = 200ms;
  server_fixture fix(params);
  fix.intake.hold();
  auto client = fix.connect();

  const auto got = client.ask(post(valid_review));
  CAF_CHECK_EQUAL(got.status, 504);
  CAF_CHECK_EQUAL(text_at(json_of(got), "/type"), "/problems/outcome-unknown");
  CAF_CHECK(text_at(json_of(got), "/detail").find("outcome is unknown") != std::string::npos);
  CAF_CHECK(fix.shows_metric("reviews_rejected_total{reason=\"outcome_unknown\"} 1"));

  client.send(post(valid_review));
  CAF_REQUIRE(eventually([&] { return fix.intake.held_count() == 2; }));
  fix.intake.answer_all();
  const auto second = client.read();
  CAF_CHECK_EQUAL(second.status, 202);
  CAF_CHECK_EQUAL(number_at(json_of(second), "/offset"), 101);
  CAF_CHECK_EQUAL(client.ask(get("/hello")).status, 200);
}

CAF_TEST(answers race with deadlines and clients that go) {
  auto params = server_fixture::quick();
  params.request_timeout = 100ms;
  server_fixture fix(params);
  fix.intake.hold();
  std::atomic<bool> is_over{false};
  std::thread broker([&] {
    while (!is_over) {
      fix.intake.answer_all();
      std::this_thread::sleep_for(100ms);
    }
  });
  int answered = 0;
  for (int round = 0; round < 10; ++round) {
    std::vector<wire> clients;
    for (int i = 0; i < 20; ++i) {
      clients.push_back(fix.connect());
      clients.back().send(post(valid_review) + post(valid_review));
    }
    for (std::size_t i = 0; i < clients.size(); i += 2) {
      const auto status = clients[i].read().status;
      answered += status == 202 || status == 504 ? 1 : 0;
    }
  }
  is_over = true;
  broker.join();

  CAF_CHECK_EQUAL(answered, 100);
  CAF_CHECK(eventually([&] { return fix.server->connections() == 0; }));
  CAF_CHECK_EQUAL(fix.server->active_requests(), 0u);
}
