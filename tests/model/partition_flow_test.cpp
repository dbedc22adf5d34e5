#define CAF_SUITE partition_flow

#include "actors/model/partition_flow.hpp"

#include "tests/fixtures/review_samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace std::chrono_literals;

namespace {

struct fixture {
  partition_flow make(std::size_t batch_records, std::size_t held_records) {
    return partition_flow({batch_records, 1'000, 5ms, held_records, 10'000});
  }

  void add(partition_flow& to, int offset, std::size_t bytes = 1) {
    to.add(review_row{view_of(make_sample_review(offset)), offset}, bytes, now);
  }

  partition_flow::time_point now{1h};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(partition_flow_tests, fixture)

CAF_TEST(nothing is due before the linger of the oldest record is over) {
  auto uut = make(10, 40);
  add(uut, 0);
  CAF_CHECK(uut.front(now + 4ms) == nullptr);
  CAF_CHECK(uut.due_at() == now + 5ms);

  auto* piece = uut.front(now + 5ms);

  CAF_REQUIRE(piece);
  CAF_CHECK_EQUAL(piece->rows.size(), 1u);
  CAF_CHECK_EQUAL(piece->next_offset, 1);
  CAF_CHECK(!uut.due_at());
}

CAF_TEST(a batch full of records is due at once) {
  auto uut = make(3, 40);

  for (int i = 0; i < 4; ++i)
    add(uut, i);

  CAF_REQUIRE(uut.front(now));
  CAF_CHECK_EQUAL(uut.front(now)->rows.size(), 3u);
  CAF_CHECK_EQUAL(uut.front(now)->next_offset, 3);
}

CAF_TEST(a record passed by moves the offset alone) {
  auto uut = make(10, 40);
  uut.pass(0, 1, now);
  add(uut, 1);
  uut.pass(2, 1, now);

  auto* piece = uut.front(now + 5ms);

  CAF_REQUIRE(piece);
  CAF_CHECK_EQUAL(piece->next_offset, 3);
  CAF_CHECK_EQUAL(piece->rows.size(), 1u);
  CAF_CHECK(piece->dead_letters.empty());
  CAF_CHECK_EQUAL(uut.held_records(), 3u);
}

CAF_TEST(a batch full of bytes is due at once) {
  auto uut = make(10, 40);

  add(uut, 0, 600);
  CAF_CHECK(uut.front(now) == nullptr);
  add(uut, 1, 400);

  CAF_REQUIRE(uut.front(now));
  CAF_CHECK_EQUAL(uut.front(now)->bytes, 1'000u);
}

CAF_TEST(there is no room at the bound of records and again when a piece is done) {
  auto uut = make(2, 4);
  for (int i = 0; i < 4; ++i)
    add(uut, i);
  CAF_CHECK_EQUAL(uut.room(), 0u);

  uut.front(now);
  uut.pop_front();

  CAF_CHECK_EQUAL(uut.room(), 2u);
  CAF_CHECK_EQUAL(uut.held_records(), 2u);
}

CAF_TEST(there is no room at the bound of bytes) {
  auto uut = make(100, 400);

  add(uut, 0, 10'000);

  CAF_CHECK_EQUAL(uut.room(), 0u);
}

CAF_TEST(dead letters move the offset on) {
  auto uut = make(10, 40);
  add(uut, 0);
  uut.add(dead_letter{7, "not_json", {}}, 1, now);

  auto* piece = uut.front(now + 5ms);

  CAF_REQUIRE(piece);
  CAF_CHECK_EQUAL(piece->next_offset, 8);
  CAF_CHECK_EQUAL(piece->dead_letters.size(), 1u);
}

CAF_TEST(a split keeps every row and ends each half where the next begins) {
  auto uut = make(5, 40);
  for (int i = 0; i < 10; i += 2) // gaps between the offsets
    add(uut, i);

  CAF_REQUIRE(uut.front(now));
  uut.split_front();
  auto first = *uut.front(now);
  uut.pop_front();
  auto second = *uut.front(now);
  uut.pop_front();

  CAF_CHECK_EQUAL(first.rows.size() + second.rows.size(), 5u);
  CAF_CHECK_EQUAL(first.next_offset, second.rows.front().offset);
  CAF_CHECK_EQUAL(second.next_offset, 9);
  CAF_CHECK_EQUAL(uut.held_records(), 0u);
  CAF_CHECK_EQUAL(uut.held_bytes(), 0u);
}

CAF_TEST(splitting on ends with one row alone) {
  auto uut = make(7, 40);
  for (int i = 0; i < 7; ++i)
    add(uut, i);

  while (uut.front(now)->rows.size() > 1)
    uut.split_front();

  CAF_CHECK_EQUAL(uut.front(now)->rows.front().offset, 0);
  CAF_CHECK_EQUAL(uut.front(now)->next_offset, 1);
}

CAF_TEST_FIXTURE_SCOPE_END()
