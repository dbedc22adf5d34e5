#define CAF_SUITE drain_estimate

#include "actors/model/drain_estimate.hpp"

#include "caf/test/unit_test.hpp"

#include <set>

using namespace reviews;
using namespace std::chrono_literals;

namespace {

const drain_estimate::time_point begun{1'000s};

/// An estimate of a queue that drains `per_second` for `seconds`, and the end of that time.
struct steady {
  steady(std::size_t per_second, int seconds) {
    uut.note_depth(true, true, now);
    for (int i = 0; i < seconds * 10; ++i)
      uut.note_drained(per_second / 10, now += 100ms);
  }

  drain_estimate::time_point now = begun;
  drain_estimate uut{1};
};

bool lies_within(std::chrono::seconds pause, std::chrono::seconds least, std::chrono::seconds most) {
  return least <= pause && pause <= most;
}

} // namespace

CAF_TEST(the rate is right from the start and later) {
  for (int seconds : {1, 5, 60}) {
    steady queue(1'000, seconds);
    const auto rate = queue.uut.per_second(queue.now);
    CAF_CHECK(rate > 950 && rate < 1'050);
  }
}

CAF_TEST(the rate follows a change within seconds) {
  steady queue(1'000, 60);

  for (int i = 0; i < 150; ++i)
    queue.uut.note_drained(10, queue.now += 100ms);

  CAF_CHECK(queue.uut.per_second(queue.now) < 160);
}

CAF_TEST(the pause is depth over rate and up to half as much again) {
  steady queue(1'000, 60);

  std::set<std::chrono::seconds> pauses;
  for (int i = 0; i < 200; ++i)
    pauses.insert(queue.uut.pause_for(20'000, queue.now));

  CAF_CHECK(lies_within(*pauses.begin(), 19s, 21s));
  CAF_CHECK(lies_within(*pauses.rbegin(), 28s, 31s));
  CAF_CHECK(pauses.size() > 5);
}

CAF_TEST(the pause is at least a second and at most a minute) {
  steady queue(1'000, 60);

  for (int i = 0; i < 100; ++i) {
    CAF_CHECK(lies_within(queue.uut.pause_for(1, queue.now), 1s, 2s));
    CAF_CHECK(queue.uut.pause_for(1'000'000'000, queue.now) == 60s);
  }
}

CAF_TEST(a queue that stands still asks for longer and longer pauses) {
  steady queue(1'000, 60);

  const auto soon = queue.uut.pause_for(1'000, queue.now);
  const auto later = queue.uut.pause_for(1'000, queue.now + 12s);
  const auto last = queue.uut.pause_for(1'000, queue.now + 600s);

  CAF_CHECK(lies_within(soon, 1s, 2s));
  CAF_CHECK(lies_within(later, 10s, 18s));
  CAF_CHECK(last == 60s);
}

CAF_TEST(in an outage the pause is as long again as it has lasted) {
  steady queue(10, 60);

  CAF_CHECK(lies_within(queue.uut.pause_in_outage(queue.now + 100ms), 1s, 2s));
  CAF_CHECK(lies_within(queue.uut.pause_in_outage(queue.now + 10s), 10s, 15s));
  CAF_CHECK(queue.uut.pause_in_outage(queue.now + 1h) == 60s);
}

CAF_TEST(what leaves a queue that is not under pressure tells no rate) {
  drain_estimate uut(1);
  auto now = begun;
  const auto trickle = [&] { // a review a second, each acknowledged within 10 ms
    for (int i = 0; i < 100; ++i) {
      uut.note_depth(true, false, now);
      uut.note_drained(1, now + 10ms);
      uut.note_depth(false, false, now + 10ms);
      now += 1s;
    }
  };

  trickle();
  CAF_CHECK_EQUAL(uut.per_second(now), 0);
  uut.note_depth(true, true, now);
  CAF_CHECK(lies_within(uut.pause_for(10'000, now), 1s, 2s));

  for (int i = 0; i < 10; ++i)
    uut.note_drained(500, now += 100ms);
  uut.note_depth(true, false, now);
  trickle(); // and does not count against what is known
  uut.note_depth(true, true, now);
  CAF_CHECK(lies_within(uut.pause_for(20'000, now), 4s, 6s));
}

CAF_TEST(idle time does not count for an outage) {
  steady queue(10, 60);
  queue.uut.note_depth(false, false, queue.now);
  const auto posted = queue.now + 1h;
  queue.uut.note_depth(true, false, posted);

  CAF_CHECK(lies_within(queue.uut.pause_in_outage(posted + 5s), 5s, 8s));
  queue.uut.note_depth(false, false, posted + 5s); // answered, in vain
  queue.uut.note_depth(true, false, posted + 20s);
  CAF_CHECK(lies_within(queue.uut.pause_in_outage(posted + 25s), 25s, 38s));

  queue.uut.note_drained(1, posted + 30s);
  queue.uut.note_depth(false, false, posted + 30s);
  queue.uut.note_depth(true, false, posted + 1h);
  CAF_CHECK(lies_within(queue.uut.pause_in_outage(posted + 1h + 5s), 5s, 8s));
}

CAF_TEST(an outage under pressure leaves the rate as it was) {
  steady queue(1'000, 60);
  auto now = queue.now;
  for (int i = 0; i < 60; ++i) { // posts come and fail
    now += 1s;
    CAF_CHECK(queue.uut.pause_in_outage(now) >= 1s);
    queue.uut.note_depth(true, true, now);
  }
  queue.uut.note_depth(false, false, now);

  now += 1h;
  queue.uut.note_depth(true, true, now);

  CAF_CHECK(lies_within(queue.uut.pause_for(5'000, now), 4s, 9s));
}

CAF_TEST(an outage that nobody has met for long does not count) {
  drain_estimate uut(1);
  uut.note_depth(true, false, begun);
  CAF_CHECK(lies_within(uut.pause_in_outage(begun + 5s), 5s, 8s));
  uut.note_depth(false, false, begun + 5s);

  uut.note_depth(true, true, begun + 1h);

  CAF_CHECK(lies_within(uut.pause_for(10'000, begun + 1h), 1s, 2s));
}

CAF_TEST(nothing drained yet asks for what has passed) {
  drain_estimate uut(1);
  uut.note_depth(true, true, begun);

  CAF_CHECK(lies_within(uut.pause_for(10, begun), 1s, 2s));
  CAF_CHECK(lies_within(uut.pause_for(10, begun + 20s), 20s, 30s));
}
