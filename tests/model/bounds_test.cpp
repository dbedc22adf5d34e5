#define CAF_SUITE bounds

#include "actors/model/backoff.hpp"
#include "actors/model/in_flight_window.hpp"
#include "actors/model/readiness.hpp"
#include "actors/model/restart_budget.hpp"

#include "caf/test/unit_test.hpp"

#include <set>

using namespace reviews;
using namespace std::chrono_literals;

CAF_TEST(pauses double up to their cap and keep half of their range as jitter) {
  backoff uut(100ms, 1'000ms, 1);

  for (auto upper : {100ms, 200ms, 400ms, 800ms, 1'000ms, 1'000ms}) {
    auto pause = uut.next();
    CAF_CHECK(pause <= upper);
    CAF_CHECK(pause >= upper / 2);
  }
  uut.reset();
  CAF_CHECK(uut.next() <= 100ms);
}

CAF_TEST(pauses of many who wait differ) {
  std::set<std::int64_t> seen;
  for (std::uint32_t seed = 0; seed < 50; ++seed)
    seen.insert(backoff(1'000ms, 1'000ms, seed * 7919).next().count());

  CAF_CHECK(seen.size() > 25);
}

CAF_TEST(a budget is spent within its period and comes back after it) {
  restart_budget uut(2, 60s);
  restart_budget::time_point start{1h};

  CAF_CHECK(uut.spend(start));
  CAF_CHECK(uut.spend(start + 1s));
  CAF_CHECK(!uut.spend(start + 59s));
  CAF_CHECK(uut.spend(start + 60s));
  CAF_CHECK(!uut.spend(start + 60s));
}

CAF_TEST(a window admits all or nothing) {
  in_flight_window uut(3, 100);

  CAF_CHECK(uut.try_admit(2, 50));
  CAF_CHECK(!uut.try_admit(2, 1));
  CAF_CHECK(!uut.try_admit(1, 51));
  CAF_CHECK(uut.try_admit(1, 50));
  uut.release(2, 50);

  CAF_CHECK_EQUAL(uut.reviews(), 1u);
  CAF_CHECK_EQUAL(uut.bytes(), 50u);
}

CAF_TEST(what is larger than the bytes of a window is let in alone) {
  in_flight_window uut(3, 100);

  CAF_CHECK(uut.try_admit(1, 500));
  CAF_CHECK(!uut.try_admit(1, 1));
}

CAF_TEST(more reviews than a window holds are never let in) {
  in_flight_window uut(3, 100);

  CAF_CHECK(!uut.try_admit(4, 1));
}

CAF_TEST(a process is ready when every condition is met and never while it drains) {
  readiness uut({"topic", "schema"});
  CAF_CHECK_EQUAL(uut.missing(), "waiting for schema, topic");
  uut.set("topic", true);
  CAF_CHECK_EQUAL(uut.missing(), "waiting for schema");
  uut.set("schema", true);
  CAF_CHECK_EQUAL(uut.missing(), "");

  uut.begin_drain();

  CAF_CHECK_EQUAL(uut.missing(), "draining");
}
