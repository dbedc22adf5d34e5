#define CAF_SUITE dead_letter_match

#include "deploy/reviewctl/dead_letter_match.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews::ctl;

namespace {

std::vector<log_place> missing_of(dead_letter_match& uut) {
  std::vector<log_place> places;
  uut.visit_missing([](log_place) { return true; }, [&](log_place place) { places.push_back(place); });
  return places;
}

} // namespace

CAF_TEST(a record with a dead letter like it is not missing) {
  dead_letter_match uut;
  uut.add_invalid({0, 1}, "cafe", "{");
  uut.add_invalid({0, 2}, "cafe", "[]");
  uut.add_dead_letter("cafe", "[]");
  uut.add_dead_letter("cafe", "{");

  CAF_CHECK(missing_of(uut).empty());
}

CAF_TEST(records alike need a dead letter each) {
  dead_letter_match uut;
  uut.add_invalid({0, 5}, "cafe", "{");
  uut.add_invalid({0, 1}, "cafe", "{");
  uut.add_invalid({1, 0}, "cafe", "{");
  uut.add_dead_letter("cafe", "{");
  uut.add_dead_letter("cafe", "{");

  const auto missing = missing_of(uut);

  CAF_REQUIRE_EQUAL(missing.size(), 1u);
  CAF_CHECK((missing[0] == log_place{1, 0}));
}

CAF_TEST(null and empty are different) {
  dead_letter_match uut;
  uut.add_invalid({0, 1}, "cafe", std::nullopt);
  uut.add_invalid({0, 2}, std::nullopt, "");
  uut.add_dead_letter("cafe", "");
  uut.add_dead_letter("", "");

  CAF_CHECK_EQUAL(missing_of(uut).size(), 2u);
}

CAF_TEST(a record that is not consumed yet is pending) {
  dead_letter_match uut;
  uut.add_invalid({0, 1}, "cafe", "{");
  std::size_t missing_count = 0;

  const auto pending =
      uut.visit_missing([](log_place) { return false; }, [&](log_place) { ++missing_count; });

  CAF_CHECK_EQUAL(pending, 1u);
  CAF_CHECK_EQUAL(missing_count, 0u);
}
