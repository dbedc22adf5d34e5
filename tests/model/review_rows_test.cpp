#define CAF_SUITE review_rows

#include "actors/model/review_rows.hpp"

#include "tests/fixtures/review_samples.hpp"

#include <string>
#include <utility>

#include "caf/test/unit_test.hpp"

using namespace reviews;

namespace {

review_rows make_rows(int count) {
  review_rows rows;
  for (int i = 0; i < count; ++i)
    rows.add({view_of(make_sample_review(i)), 10 + i, timestamp(std::chrono::microseconds(i))});
  return rows;
}

/// Whether `rows` are the samples from number `first` on.
bool holds_samples(const review_rows& rows, int first) {
  for (const auto& row : rows) {
    const auto wanted = make_sample_review(first);
    const auto got = copy_of(row.what);
    if (got.id != wanted.id || got.vendor_id != wanted.vendor_id || got.author != wanted.author ||
        got.rating != wanted.rating || got.title != wanted.title || got.text != wanted.text ||
        got.created_at != wanted.created_at || row.offset != 10 + first)
      return false;
    ++first;
  }
  return true;
}

} // namespace

CAF_TEST(rows keep the strings of reviews that are gone) {
  const auto uut = make_rows(2'000);

  CAF_CHECK_EQUAL(uut.size(), 2'000u);
  CAF_CHECK(holds_samples(uut, 0));
  CAF_CHECK_EQUAL(uut.front().offset, 10);
  CAF_CHECK_EQUAL(uut.back().offset, 2'009);
  CAF_CHECK(uut[7].consumed_at == timestamp(std::chrono::microseconds(7)));
}

CAF_TEST(an absent text and an empty one are told apart) {
  auto what = make_sample_review(1);
  what.title.reset();
  what.text = "";
  review_rows uut;

  uut.add({view_of(what), 1});

  CAF_CHECK(!uut.front().what.title);
  CAF_CHECK(uut.front().what.text == std::string_view());
}

CAF_TEST(long strings are kept whole and what follows too) {
  const std::size_t lengths[] = {review_rows::shared_bytes_max, review_rows::shared_bytes_max + 1,
                                 review_rows::block_bytes + 1};
  review_rows uut;

  for (const auto length : lengths) {
    auto what = make_sample_review(0);
    what.text = std::string(length, 'x');
    uut.add({view_of(what), 1});
    uut.add({view_of(make_sample_review(3)), 13});
  }

  for (std::size_t i = 0; i < std::size(lengths); ++i) {
    CAF_CHECK(uut[2 * i].what.text == std::string(lengths[i], 'x'));
    CAF_CHECK(holds_samples(uut.slice(2 * i + 1, 2 * i + 2), 3));
  }
}

CAF_TEST(a row of its own may be added again) {
  auto uut = make_rows(1);

  for (int i = 0; i < 100; ++i)
    uut.add(uut.front());

  for (const auto& row : uut)
    CAF_REQUIRE(row.what.author == make_sample_review(0).author);
}

CAF_TEST(moved rows keep their strings and copies have their own) {
  auto first = make_rows(500);
  const auto* const bytes = first[0].what.author.data();
  const auto copy = first;

  const auto moved = std::move(first);

  CAF_CHECK(moved[0].what.author.data() == bytes);
  CAF_CHECK(copy[0].what.author.data() != bytes);
  CAF_CHECK(holds_samples(moved, 0));
  CAF_CHECK(holds_samples(copy, 0));
}

CAF_TEST(rows that were moved from take new ones) {
  auto uut = make_rows(3);
  const auto moved = std::move(uut);

  CAF_CHECK(uut.empty());
  uut.add({view_of(make_sample_review(5)), 15});

  CAF_CHECK_EQUAL(moved.size(), 3u);
  CAF_CHECK(holds_samples(uut, 5));
}

CAF_TEST(slices share out the rows) {
  const auto uut = make_rows(5);

  CAF_CHECK_EQUAL(uut.slice(0, 2).size(), 2u);
  CAF_CHECK(holds_samples(uut.slice(0, 2), 0));
  CAF_CHECK(holds_samples(uut.slice(2, 5), 2));
  CAF_CHECK(uut.slice(5, 5).empty());
}
