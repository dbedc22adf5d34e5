#define CAF_SUITE review_generator

#include "deploy/reviewctl/review_generator.hpp"

#include "actors/model/review_json.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <map>
#include <set>

using namespace reviews;
using namespace reviews::ctl;

CAF_TEST(every review is one that the rules accept) {
  const review_generator uut(7, 1'000);
  review_decoder decoder;
  std::size_t longest = 0;

  for (std::uint64_t i = 0; i < 20'000; ++i) {
    std::string json;
    uut.append_json(json, i, i % 2 == 0);
    const auto decoded = decoder.view_posted(json);
    const auto* review = std::get_if<draft_view>(&decoded);
    if (review == nullptr || review->id.has_value() != (i % 2 == 0))
      CAF_FAIL("review " << i << " is not accepted");
    if (json.find('\n') != std::string::npos)
      CAF_FAIL("review " << i << " is more than a line");
    longest = std::max(longest, review->text.value_or("").size());
  }

  CAF_CHECK(longest > 1'500);
}

CAF_TEST(the same seed makes the same review and another seed another) {
  std::string one, same, other;

  review_generator(42, 100).append_json(one, 17, true);
  review_generator(42, 100).append_json(same, 17, true);
  review_generator(43, 100).append_json(other, 17, true);

  CAF_CHECK_EQUAL(one, same);
  CAF_CHECK_NOT_EQUAL(one, other);
}

CAF_TEST(ids are different UUIDs of version seven) {
  const review_generator uut(1'763'000'000'000'000, 10);
  std::set<review_id> ids;

  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const auto id = *uut.make(i).id;
    if (id.data[6] >> 4 != 7 || id.data[8] >> 6 != 2)
      CAF_FAIL("expected version 7, got " << to_string(id));
    ids.insert(id);
  }

  CAF_CHECK_EQUAL(ids.size(), 10'000u);
  CAF_CHECK_EQUAL(to_string(*ids.begin()).substr(0, 13), "019a7afd-1e00");
}

CAF_TEST(few vendors have many reviews and most ratings are high) {
  const review_generator uut(3, 1'000);
  std::map<std::string, int> of_vendor;
  std::map<int, int> of_rating;

  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const auto made = uut.make(i);
    ++of_vendor[made.vendor_id];
    ++of_rating[made.rating];
  }

  CAF_CHECK(of_vendor["cafe-0"] > 20 * of_vendor["cafe-80"]);
  CAF_CHECK(of_vendor.size() > 500 && of_vendor.size() <= 1'000);
  CAF_CHECK(of_rating[4] + of_rating[5] > 15'000);
  CAF_CHECK(of_rating[1] > 500);
}
