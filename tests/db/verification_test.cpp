#define CAF_SUITE verification

#include "db/verification.hpp"

#include "db/pg_review_store.hpp"
#include "tests/db/review_rows.hpp"
#include "tests/fixtures/postgres.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::test;

namespace {

struct fixture {
  test_database database;
  review_store_ptr store = make_review_store_factory(database.params(), "group", "topic")();

  std::unique_ptr<verification> open() { return verification::open(database.params()).value(); }

  static std::int64_t next_offset(verification& uut) { return uut.offsets().value().at(0).next_offset; }

  std::vector<std::uint64_t> ids_by(review_order order) {
    std::vector<std::uint64_t> ids;
    auto visited =
        open()->visit_reviews(order, [&](const stored_row& each) { ids.push_back(each.id.data[15]); });
    CAF_REQUIRE(visited);
    CAF_CHECK_EQUAL(*visited, ids.size());
    return ids;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(verification_tests, fixture)

CAF_TEST(an empty database has nothing to visit and nothing wrong) {
  auto uut = open();

  auto visited = uut->visit_reviews(review_order::any, [](const stored_row&) { CAF_FAIL("a review"); });

  CAF_CHECK_EQUAL(visited.value(), 0u);
  CAF_CHECK(uut->mismatched_ratings(10).value().empty());
  CAF_CHECK(uut->offsets().value().empty());
}

CAF_TEST(a visited review has its id place vendor and rating) {
  CAF_REQUIRE(store->store(batch_of(6, {}, 2)).has_error()); // nothing stored yet: fenced
  CAF_REQUIRE(store->store(batch_of(std::nullopt, {row_of(0xabcdef, 0, "a", 3)}, 2)));
  std::vector<std::string> vendors;

  auto visited = open()->visit_reviews(review_order::any, [&](const stored_row& each) {
    CAF_CHECK(each.id == id_of(0xabcdef));
    CAF_CHECK_EQUAL(each.partition, 2);
    CAF_CHECK_EQUAL(each.offset, 0);
    CAF_CHECK_EQUAL(each.rating, 3);
    vendors.emplace_back(each.vendor_id);
  });

  CAF_CHECK_EQUAL(visited.value(), 1u);
  CAF_CHECK(vendors == std::vector<std::string>{"a"});
}

CAF_TEST(reviews come in the order asked for) {
  CAF_REQUIRE(store->store(batch_of(std::nullopt, {row_of(2, 0), row_of(9, 0)}, 1)));
  CAF_REQUIRE(store->store(batch_of(std::nullopt, {row_of(7, 0), row_of(1, 0)}, 0)));

  CAF_CHECK(ids_by(review_order::id) == (std::vector<std::uint64_t>{1, 2, 7, 9}));
  CAF_CHECK(ids_by(review_order::log) == (std::vector<std::uint64_t>{7, 1, 2, 9}));
  CAF_CHECK_EQUAL(ids_by(review_order::any).size(), 4u);
}

CAF_TEST(more reviews than are held at a time are all visited) {
  database.sql("insert into reviews (review_id, vendor_id, author, rating, created_at, topic_partition, "
               "topic_offset) select gen_random_uuid(), 'a', 'b', 1, now(), 0, n from "
               "generate_series(0, 25000) n");
  std::int64_t sum = 0;

  auto visited = open()->visit_reviews(review_order::id, [&](const stored_row& each) { sum += each.offset; });

  CAF_CHECK_EQUAL(visited.value(), 25'001u);
  CAF_CHECK_EQUAL(sum, 25'000 * 25'001 / 2);
}

CAF_TEST(vendors with wrong missing and superfluous ratings are found) {
  CAF_REQUIRE(store->store(batch_of(std::nullopt, {row_of(1, 0, "right", 5), row_of(2, 0, "wrong", 4),
                                                   row_of(3, 0, "missing", 2), row_of(4, 0, "wrong", 1)})));
  database.sql("update vendor_ratings set count_1 = 0, count_2 = 1, count_3 = 1, count_4 = 0 where vendor_id "
               "= 'wrong'");
  database.sql("delete from vendor_ratings where vendor_id = 'missing'");
  database.sql("insert into vendor_ratings values ('superfluous', 1, 3, 0, 0, 1, 0, 0)");
  auto uut = open();

  auto found = uut->mismatched_ratings(10);

  CAF_REQUIRE(found);
  CAF_REQUIRE_EQUAL(found->size(), 3u);
  CAF_CHECK_EQUAL((*found)[0].vendor_id, "missing");
  CAF_CHECK((*found)[0].stored == rating_counts{});
  CAF_CHECK(((*found)[0].aggregated == rating_counts{1, 2, {0, 1, 0, 0, 0}}));
  CAF_CHECK_EQUAL((*found)[1].vendor_id, "superfluous");
  CAF_CHECK(((*found)[1].stored == rating_counts{1, 3, {0, 0, 1, 0, 0}}));
  CAF_CHECK((*found)[1].aggregated == rating_counts{});
  CAF_CHECK_EQUAL((*found)[2].vendor_id, "wrong");
  CAF_CHECK(((*found)[2].stored == rating_counts{2, 5, {0, 1, 1, 0, 0}}));
  CAF_CHECK(((*found)[2].aggregated == rating_counts{2, 5, {1, 0, 0, 1, 0}}));
  CAF_CHECK_EQUAL(uut->mismatched_ratings(2).value().size(), 2u);
}

CAF_TEST(offsets are listed with their group and time) {
  CAF_REQUIRE(store->store(batch_of(std::nullopt, {row_of(1, 0)}, 3)));
  const auto before = now_utc();

  auto offsets = open()->offsets();

  CAF_REQUIRE(offsets);
  CAF_REQUIRE_EQUAL(offsets->size(), 1u);
  const auto& uut = offsets->front();
  CAF_CHECK_EQUAL(uut.group_id, "group");
  CAF_CHECK_EQUAL(uut.topic, "topic");
  CAF_CHECK_EQUAL(uut.partition, 3);
  CAF_CHECK_EQUAL(uut.next_offset, 1);
  CAF_CHECK(uut.updated_at > before - std::chrono::hours(1) &&
            uut.updated_at < before + std::chrono::hours(1));
}

CAF_TEST(all calls see the moment of the first) {
  CAF_REQUIRE(store->store(batch_of(std::nullopt, {row_of(1, 0)})));
  auto uut = open();
  CAF_REQUIRE_EQUAL(next_offset(*uut), 1);

  CAF_REQUIRE(store->store(batch_of(1, {row_of(2, 0)})));

  CAF_CHECK_EQUAL(uut->visit_reviews(review_order::any, [](const stored_row&) {}).value(), 1u);
  CAF_CHECK_EQUAL(next_offset(*uut), 1);
  CAF_CHECK_EQUAL(next_offset(*open()), 2);
}

CAF_TEST(a lost connection is unavailable and ends the snapshot) {
  auto uut = open();
  CAF_REQUIRE(uut->offsets());
  CAF_CHECK_GREATER_OR_EQUAL(database.terminate_sessions(), 1);

  auto lost = uut->offsets();
  auto after = uut->offsets();

  CAF_REQUIRE(!lost);
  CAF_CHECK(lost.error().code == ec::unavailable);
  CAF_REQUIRE(!after);
  CAF_CHECK(after.error().code == ec::broken);
}

CAF_TEST(a missing table is refused) {
  database.sql("drop table consumer_offsets");

  auto offsets = open()->offsets();

  CAF_REQUIRE(!offsets);
  CAF_CHECK(offsets.error().code == ec::refused);
}

CAF_TEST_FIXTURE_SCOPE_END()
