#define CAF_SUITE fetch_queue

#include "kafka/fetch_queue.hpp"

#include "tests/kafka/group_fixture.hpp"

#include "caf/test/unit_test.hpp"

#include <atomic>

using namespace reviews;
using namespace std::chrono_literals;

namespace {

struct fetch_queue_fixture : group_fixture {
  /// Of batches of 100 records, from the first batch pulled on.
  std::chrono::duration<double> seconds_to_drain(std::size_t batches, std::size_t record_size) {
    for (std::size_t i = 0; i < batches; ++i)
      fill(100, record_size);
    member uut(params);
    CAF_REQUIRE(uut.await_assigned(2));
    auto queue = uut.start(filled);
    pulls seen;
    CAF_REQUIRE(seen.await(*queue, 100));
    const auto begin = std::chrono::steady_clock::now();
    CAF_REQUIRE(seen.await(*queue, batches * 100));
    return std::chrono::steady_clock::now() - begin;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(fetch_queue_tests, fetch_queue_fixture)

CAF_TEST(nothing is fetched before the start and a start begins where told) {
  fill(100);
  member uut(params);
  CAF_REQUIRE(uut.await_assigned(2));

  pulls seen;
  auto queue = uut.start(filled, 40);
  CAF_REQUIRE(seen.await(*queue, 60));

  CAF_CHECK_EQUAL(seen.offsets.front(), 40);
  CAF_CHECK_EQUAL(seen.offsets.size(), 60u);
}

CAF_TEST(a second start moves the partition and kills its old queue) {
  fill(100);
  member uut(params);
  CAF_REQUIRE(uut.await_assigned(2));
  pulls before, after, dead;
  auto old_queue = uut.start(filled);
  CAF_REQUIRE(before.await(*old_queue, 100));

  auto queue = uut.start(filled, 90);
  CAF_REQUIRE(after.await(*queue, 10));

  CAF_CHECK_EQUAL(after.offsets, std::vector<std::int64_t>({90, 91, 92, 93, 94, 95, 96, 97, 98, 99}));
  CAF_CHECK_EQUAL(dead.from(*old_queue), 0u);
  CAF_CHECK_EQUAL(old_queue->end_offset(), -1);
}

CAF_TEST(a stopped partition starts again where its owner left it) {
  fill(100);
  member uut(params);
  CAF_REQUIRE(uut.await_assigned(2));
  pulls seen;
  auto queue = uut.start(filled);
  CAF_REQUIRE(eventually([&] { return seen.from(*queue, 30) > 0; }));
  const auto next = seen.offsets.back() + 1;

  uut.client->stop(filled);
  CAF_CHECK_EQUAL(seen.from(*queue), 0u);
  queue = uut.start(filled, next);

  CAF_REQUIRE(seen.await(*queue, 100));
  for (std::int64_t i = 0; i < 100; ++i)
    CAF_REQUIRE_EQUAL(seen.offsets[i], i);
}

CAF_TEST(a queue calls back when records come and not after it is gone) {
  member uut(params);
  fill(1);
  CAF_REQUIRE(uut.await_assigned(2));
  std::atomic<int> wakes = 0;
  auto queue = uut.start(filled);
  queue->on_ready([&] { ++wakes; });
  CAF_REQUIRE(eventually([&] { return wakes > 0; }));
  pulls seen;
  CAF_REQUIRE(seen.await(*queue, 1));
  CAF_CHECK_EQUAL(seen.from(*queue), 0u);
  const int woken = wakes;

  fill(1);
  CAF_REQUIRE(eventually([&] { return wakes > woken; }));
  CAF_REQUIRE(seen.await(*queue, 2));
  queue.reset();
  uut.client->stop(filled);
  const int last = wakes;
  fill(5);

  pulls again;
  auto next = uut.start(filled, 2);
  CAF_REQUIRE(again.await(*next, 5));
  CAF_CHECK_EQUAL(wakes, last);
}

CAF_TEST(a copy holds key and value and headers) {
  fill(1);
  member uut(params);
  CAF_REQUIRE(uut.await_assigned(2));
  auto queue = uut.start(filled);
  record copy;

  CAF_REQUIRE(eventually(
      [&] { return queue->pull(1, [&](const fetched_record& r) { copy = r.copy(); }).records_count == 1; }));

  CAF_CHECK(copy.key == "vendor" && copy.value == "0");
  CAF_REQUIRE_EQUAL(copy.headers.size(), 1u);
  CAF_CHECK_EQUAL(copy.headers[0].name, "schema");
  CAF_CHECK(copy.headers[0].value == "review/1");
}

CAF_TEST(an offset beyond the log is gone) {
  fill(10);
  member uut(params);
  CAF_REQUIRE(uut.await_assigned(2));

  pulls seen;
  auto queue = uut.start(filled, 1000);
  CAF_REQUIRE(eventually([&] {
    seen.from(*queue);
    return seen.problem.has_value();
  }));

  CAF_CHECK(seen.problem->code == ec::offset_gone);
  CAF_CHECK(seen.offsets.empty());
  queue = uut.start(filled, 5);
  pulls after;
  CAF_REQUIRE(after.await(*queue, 5));
  CAF_CHECK_EQUAL(after.offsets.front(), 5);
}

CAF_TEST(a queue outlives its client and is empty then) {
  fill(10);
  auto uut = std::make_unique<member>(params);
  CAF_REQUIRE(uut->await_assigned(2));
  auto queue = uut->start(filled);
  std::atomic<int> wakes = 0;
  queue->on_ready([&] { ++wakes; });
  CAF_REQUIRE(eventually([&] { return wakes > 0; }));

  uut.reset();

  pulls seen;
  CAF_CHECK_EQUAL(seen.from(*queue), 0u);
  CAF_CHECK_EQUAL(queue->end_offset(), -1);
  queue->on_ready([&] { ++wakes; });
}

CAF_TEST(a queue that nobody pulls is bounded and then goes on) {
  params.partition_bytes_max = 64 * 1024;
  for (int i = 0; i < 6; ++i)
    fill(100, 1024); // batches small enough for a broker to cut
  member uut(params);
  CAF_REQUIRE(uut.await_assigned(2));
  std::atomic<int> wakes = 0;
  auto queue = uut.start(filled);
  queue->on_ready([&] { ++wakes; });
  CAF_REQUIRE(eventually([&] { return wakes > 0 && queue->end_offset() == 600; }));
  // Fetching never stands still for 1.5 s unless the queue is full.
  CAF_CHECK(!eventually([] { return false; }, 1500ms));

  pulls seen;
  const auto held = seen.from(*queue, 100'000);

  CAF_CHECK(held >= 1);
  CAF_CHECK(held <= 400);
  CAF_REQUIRE(seen.await(*queue, 600));
  for (std::int64_t i = 0; i < 600; ++i)
    CAF_REQUIRE_EQUAL(seen.offsets[i], i);
}

CAF_TEST(a queue that was full of bytes is filled again long before a second is over) {
  params.partition_bytes_max = 64 * 1024; // a batch or two at a time

  CAF_CHECK(seconds_to_drain(20, 1024) < 6s);
}

CAF_TEST(a queue that was full of records is filled again long before a second is over) {
  params.partition_records_max = 100;
  params.partition_bytes_max = 8 * 1024; // what one fetch brings, too

  CAF_CHECK(seconds_to_drain(20, 16) < 6s);
}

CAF_TEST_FIXTURE_SCOPE_END()
