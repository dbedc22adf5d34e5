#define CAF_SUITE progress_watch

#include "actors/model/progress_watch.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace std::chrono_literals;

namespace {

/// Partition 3 under watch, looked at once a second.
struct watched {
  progress_watch::finding after(std::chrono::seconds time) {
    for (auto end = now + time; now < end;) {
      now += 1s;
      last = uut.look({seen}, now).front();
      stuck_count += last.is_stuck ? 1 : 0;
    }
    return last;
  }

  progress_watch uut{10s};
  progress_watch::time_point now{1'000s};
  partition_sight seen{3, 1, 0, 100, true, 0, false};
  progress_watch::finding last;
  int stuck_count = 0;
};

} // namespace

CAF_TEST(a partition that moves does not stand) {
  watched it;

  for (int i = 0; i < 60; ++i) {
    ++*it.seen.stored_offset;
    CAF_CHECK(it.after(1s).standing == 0s);
  }
  CAF_CHECK_EQUAL(it.stuck_count, 0);
}

CAF_TEST(a partition without work does not stand) {
  watched it;
  it.seen.has_work = false;

  CAF_CHECK(it.after(60s).standing == 0s);
  CAF_CHECK_EQUAL(it.stuck_count, 0);
}

CAF_TEST(waiting for its first record is no work) {
  watched it;
  it.seen.stored_offset.reset();
  it.seen.has_work = false;

  CAF_CHECK(it.after(60s).standing == 0s);
}

CAF_TEST(work without progress is standing and then stuck) {
  watched it;

  CAF_CHECK(it.after(8s).standing == 7s); // the first look only learns where it is
  CAF_CHECK_EQUAL(it.stuck_count, 0);
  it.after(3s);
  CAF_CHECK_EQUAL(it.stuck_count, 1);
}

CAF_TEST(being stuck is told again after as long) {
  watched it;

  it.after(61s);

  CAF_CHECK_EQUAL(it.stuck_count, 6);
  CAF_CHECK(it.last.standing == 60s);
}

CAF_TEST(attempts in vain are standing and not stuck) {
  watched it;

  for (int i = 0; i < 30; ++i) {
    ++it.seen.signs_of_life;
    it.after(2s);
  }

  CAF_CHECK(it.last.standing == 59s);
  CAF_CHECK_EQUAL(it.stuck_count, 0);
}

CAF_TEST(a new hand - over has its time) {
  watched it;
  it.after(9s);

  ++it.seen.epoch;
  it.after(9s);
  CAF_CHECK_EQUAL(it.stuck_count, 0);
  it.after(2s);
  CAF_CHECK_EQUAL(it.stuck_count, 1);
}

CAF_TEST(a stopped partition stands but is not stuck) {
  watched it;
  it.seen.is_stopped = true;

  CAF_CHECK(it.after(61s).standing == 60s);
  CAF_CHECK_EQUAL(it.stuck_count, 0);
}

CAF_TEST(idle time before new work does not count) {
  watched it;
  it.seen.has_work = false;
  it.after(60s);

  it.seen.has_work = true;
  it.after(5s);

  CAF_CHECK(it.last.standing <= 5s);
  CAF_CHECK_EQUAL(it.stuck_count, 0);
}

CAF_TEST(a partition given away is forgotten) {
  watched it;
  it.after(9s);

  CAF_CHECK(it.uut.look({}, it.now).empty());
  it.after(9s);

  CAF_CHECK_EQUAL(it.stuck_count, 0);
  CAF_CHECK(it.last.standing == 8s);
}
