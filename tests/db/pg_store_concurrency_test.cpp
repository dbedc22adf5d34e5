#define CAF_SUITE pg_store_concurrency

#include "db/pg_review_store.hpp"
#include "db/verification.hpp"

#include "tests/db/review_rows.hpp"
#include "tests/fixtures/postgres.hpp"

#include "caf/test/unit_test.hpp"

#include <barrier>
#include <future>

using namespace reviews;
using namespace reviews::test;

namespace {

struct tally {
  std::size_t inserted = 0;
  std::size_t sent = 0;
  std::string problem;
};

tally write_partition(const database_params& where, std::int32_t partition, std::uint64_t seed) {
  auto uut = make_review_store_factory(where, "group", "topic")();
  std::mt19937_64 random(seed);
  std::optional<std::int64_t> from;
  tally sum;
  for (int i = 0; i < 60; ++i) {
    // Far more rows than ids and vendors: every pair of batches collides.
    auto batch = batch_of(from, random_rows(random, 150, 6'000, 8), partition);
    auto stored = uut->store(batch);
    if (!stored) {
      sum.problem = stored.error().detail;
      return sum;
    }
    sum.inserted += stored->inserted;
    sum.sent += batch.rows.size();
    from = batch.next_offset;
  }
  return sum;
}

} // namespace

CAF_TEST(writers that meet on vendors and reviews neither deadlock nor lose counts) {
  test_database database;
  const std::uint64_t seed = std::random_device{}();
  CAF_MESSAGE("seed " << seed);
  std::vector<std::future<tally>> writers;

  for (std::int32_t partition = 0; partition < 4; ++partition)
    writers.push_back(std::async(std::launch::async, write_partition, database.params(), partition,
                                 seed + static_cast<std::uint64_t>(partition)));

  std::size_t inserted = 0;
  for (auto& each : writers) {
    const auto sum = each.get();
    CAF_CHECK_EQUAL(sum.problem, "");
    CAF_CHECK_LESS(sum.inserted, sum.sent);
    inserted += sum.inserted;
  }
  CAF_CHECK_EQUAL(database.value("select count(*) from reviews"), std::to_string(inserted));
  CAF_CHECK_EQUAL(database.value("select sum(rating_count) from vendor_ratings"), std::to_string(inserted));
  CAF_CHECK(verification::open(database.params()).value()->mismatched_ratings(10).value().empty());
}

CAF_TEST(of two stores that continue the same offset one is fenced) {
  test_database database;
  auto one = make_review_store_factory(database.params(), "group", "topic")();
  auto two = make_review_store_factory(database.params(), "group", "topic")();
  std::optional<std::int64_t> from;

  for (std::uint64_t round = 0; round < 30; ++round) {
    const auto batch = batch_of(from, {row_of(round, 0)});
    std::barrier start(2);
    const auto store = [&](review_store& store) {
      start.arrive_and_wait();
      return store.store(batch);
    };
    auto other = std::async(std::launch::async, [&] { return store(*two); });
    const auto a = store(*one);
    const auto b = other.get();
    CAF_REQUIRE_NOT_EQUAL(a.has_value(), b.has_value());
    CAF_CHECK((a ? b : a).error().code == ec::fenced);
    from = batch.next_offset;
  }

  CAF_CHECK_EQUAL(database.value("select sum(rating_count) from vendor_ratings"), "30");
  CAF_CHECK_EQUAL(database.value("select next_offset from consumer_offsets"), "30");
}
