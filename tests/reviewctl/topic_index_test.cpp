#define CAF_SUITE topic_index

#include "deploy/reviewctl/topic_index.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::ctl;

namespace {

review_id id_of(std::uint8_t number) {
  review_id id{};
  id.data[15] = number;
  return id;
}

review_digest digest(std::uint8_t number, log_place place, std::string_view vendor = "cafe", int rating = 5) {
  return {id_of(number), place, vendor, rating};
}

/// Ids 9, 3 and 7; id 3 twice in partition 0 and once in partition 1.
topic_index make_index() {
  topic_index index;
  index.reserve(5);
  index.add(digest(9, {0, 10}));
  index.add(digest(3, {1, 4}));
  index.add(digest(3, {0, 12}, "cafe", 1));
  index.add(digest(3, {0, 11}));
  index.add(digest(7, {65'535, (std::int64_t(1) << 48) - 1}));
  index.seal();
  return index;
}

std::vector<log_place> missing_of(const topic_index& index) {
  std::vector<log_place> places;
  index.visit_missing([](log_place) { return true; },
                      [&](const review_id&, log_place place, std::size_t) { places.push_back(place); });
  return places;
}

} // namespace

CAF_TEST(records and different ids are counted) {
  const auto uut = make_index();

  CAF_CHECK_EQUAL(uut.size(), 5u);
  CAF_CHECK_EQUAL(uut.distinct_count(), 3u);
}

CAF_TEST(a row of the first record in its partition matches) {
  auto uut = make_index();

  CAF_CHECK(uut.check_row(digest(9, {0, 10}), false) == row_verdict::matches);
  CAF_CHECK(uut.check_row(digest(3, {0, 11}), false) == row_verdict::matches);
  CAF_CHECK(uut.check_row(digest(3, {1, 4}), false) == row_verdict::matches);
  CAF_CHECK(uut.check_row(digest(7, {65'535, (std::int64_t(1) << 48) - 1}), false) == row_verdict::matches);
}

CAF_TEST(a row is told what is wrong with it) {
  auto uut = make_index();

  CAF_CHECK(uut.check_row(digest(1, {0, 10}), false) == row_verdict::not_in_log);
  CAF_CHECK(uut.check_row(digest(9, {0, 9}), false) == row_verdict::wrong_place);
  CAF_CHECK(uut.check_row(digest(9, {1, 10}), false) == row_verdict::wrong_place);
  CAF_CHECK(uut.check_row(digest(9, {0, 10}, "cafe", 4), false) == row_verdict::wrong_value);
  CAF_CHECK(uut.check_row(digest(9, {0, 10}, "cage"), false) == row_verdict::wrong_value);
  CAF_CHECK(uut.check_row(digest(3, {0, 12}, "cafe", 1), false) == row_verdict::later_record);
}

CAF_TEST(of a row that is older than the log only the id is looked up) {
  auto uut = make_index();

  CAF_CHECK(uut.check_row(digest(9, {0, 1}, "other", 1), true) == row_verdict::matches);
  CAF_CHECK(uut.check_row(digest(1, {0, 1}), true) == row_verdict::not_in_log);
}

CAF_TEST(an id without a row is missing once) {
  auto uut = make_index();
  static_cast<void>(uut.check_row(digest(9, {0, 10}), false));

  const auto missing = missing_of(uut);

  CAF_REQUIRE_EQUAL(missing.size(), 2u);
  CAF_CHECK((missing[0] == log_place{0, 11}));
  CAF_CHECK((missing[1] == log_place{65'535, (std::int64_t(1) << 48) - 1}));
}

CAF_TEST(an id none of whose records is consumed is pending) {
  const auto uut = make_index();
  std::vector<log_place> missing;

  const auto pending =
      uut.visit_missing([](log_place place) { return place.partition == 1; },
                        [&](const review_id&, log_place place, std::size_t) { missing.push_back(place); });

  CAF_CHECK_EQUAL(pending, 2u);
  CAF_REQUIRE_EQUAL(missing.size(), 1u);
  CAF_CHECK((missing[0] == log_place{1, 4}));
}

CAF_TEST(an empty index knows nothing) {
  topic_index uut;
  uut.seal();

  CAF_CHECK(uut.check_row(digest(1, {0, 0}), false) == row_verdict::not_in_log);
  CAF_CHECK(missing_of(uut).empty());
}
