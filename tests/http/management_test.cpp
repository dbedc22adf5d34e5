#define CAF_SUITE management

#include "http/management.hpp"

#include "tests/http/server_fixture.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::test;

namespace {

struct source_state {
  std::atomic<bool> is_answering{true};
  std::atomic<bool> is_ready{true};
};

router make_routes(source_state& state) {
  router routes;
  add_management(routes,
                 {
                     [&](std::function<void(std::string)> then) {
                       if (state.is_answering)
                         then(R"({"actors":[]})");
                     },
                     [&] {
                       return readiness_report{state.is_ready, state.is_ready ? "" : "no \"metadata\""};
                     },
                     [] { return std::string("reviews_build_info 1\n"); },
                     [] { return std::string("[http]\n"); },
                 });
  return routes;
}

} // namespace

CAF_TEST(the management port tells how the process is) {
  source_state state;
  server_fixture fix(server_fixture::quick(), make_routes(state));
  auto client = fix.connect();

  CAF_CHECK_EQUAL(client.ask(get("/livez")).status, 200);
  CAF_CHECK_EQUAL(client.ask(get("/readyz")).status, 200);
  CAF_CHECK_EQUAL(client.ask(get("/actors")).body, R"({"actors":[]})");
  const auto metrics = client.ask(get("/metrics"));
  CAF_CHECK_EQUAL(metrics.body, "reviews_build_info 1\n");
  CAF_CHECK_EQUAL(metrics.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  CAF_CHECK_EQUAL(client.ask(get("/config")).body, "[http]\n");
  CAF_CHECK_EQUAL(client.ask(get("/v1/reviews")).status, 404);
}

CAF_TEST(not ready is 503 with its reason) {
  source_state state;
  state.is_ready = false;
  server_fixture fix(server_fixture::quick(), make_routes(state));

  const auto got = fix.connect().ask(get("/readyz"));

  CAF_CHECK_EQUAL(got.status, 503);
  CAF_CHECK_EQUAL(text_at(json_of(got), "/reason"), "no \"metadata\"");
}

CAF_TEST(actors that do not answer within a second are not alive) {
  source_state state;
  state.is_answering = false;
  server_fixture fix(server_fixture::quick(), make_routes(state));
  const auto began = std::chrono::steady_clock::now();

  const auto got = fix.connect().ask(get("/livez"));

  const auto took = std::chrono::steady_clock::now() - began;
  CAF_CHECK_EQUAL(got.status, 503);
  CAF_CHECK(took >= 1s);
  CAF_CHECK(took < 5s);
  state.is_answering = true;
  CAF_CHECK_EQUAL(fix.connect().ask(get("/livez")).status, 200);
}
