#define CAF_SUITE offset_move

#include "db/offset_move.hpp"

#include "tests/fixtures/postgres.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::test;

namespace {

struct fixture {
  test_database database;

  outcome<void> move(const std::vector<offset_move>& moves) {
    return move_offsets(database.params(), "group", "topic", moves);
  }

  /// `partition:next_offset` of all, in order.
  std::string offsets() {
    return database.value("select coalesce(string_agg(topic_partition || ':' || next_offset, ' ' "
                          "order by topic_partition), '') from consumer_offsets");
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(offset_move_tests, fixture)

CAF_TEST(an offset moves forward and back from where it was seen) {
  CAF_CHECK(move({{0, std::nullopt, 7}, {1, std::nullopt, 0}}));
  CAF_CHECK_EQUAL(offsets(), "0:7 1:0");

  CAF_CHECK(move({{0, 7, 3}, {1, 0, 9}}));

  CAF_CHECK_EQUAL(offsets(), "0:3 1:9");
}

CAF_TEST(when one has moved meanwhile none is moved) {
  CAF_REQUIRE(move({{0, std::nullopt, 7}, {1, std::nullopt, 8}}));

  const auto late = move({{0, 7, 3}, {1, 5, 9}});
  const auto unseen = move({{2, std::nullopt, 1}, {0, std::nullopt, 3}});

  CAF_REQUIRE(!late);
  CAF_CHECK(late.error().code == ec::fenced);
  CAF_REQUIRE(!unseen);
  CAF_CHECK(unseen.error().code == ec::fenced);
  CAF_CHECK_EQUAL(offsets(), "0:7 1:8");
}

CAF_TEST(other groups and topics stay where they are) {
  CAF_REQUIRE(move_offsets(database.params(), "other", "topic", {{0, std::nullopt, 1}}));
  CAF_REQUIRE(move_offsets(database.params(), "group", "other", {{0, std::nullopt, 2}}));

  CAF_CHECK(move({{0, std::nullopt, 7}}));

  CAF_CHECK_EQUAL(database.value("select count(*) from consumer_offsets where next_offset < 3"), "2");
}

CAF_TEST(a missing table is refused) {
  database.sql("drop table consumer_offsets");

  const auto moved = move({{0, std::nullopt, 7}});

  CAF_REQUIRE(!moved);
  CAF_CHECK(moved.error().code == ec::refused);
}

CAF_TEST_FIXTURE_SCOPE_END()
