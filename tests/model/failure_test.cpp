#define CAF_SUITE failure

#include "actors/model/failure.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;

CAF_TEST(a failure keeps its code and its explanation) {
  outcome<int> uut = failure{ec::invalid, "rating: expected 1..5, got 9"};

  CAF_CHECK(!uut);
  CAF_CHECK(uut.error().code == ec::invalid);
  CAF_CHECK_EQUAL(uut.error().detail, "rating: expected 1..5, got 9");
}

CAF_TEST(reading the value of a failure is a mistake of ours) {
  outcome<int> uut = failure{ec::broken, "client: fatal"};

  try {
    static_cast<void>(uut.value());
    CAF_FAIL("a value was read");
  } catch (const bad_outcome& caught) {
    CAF_CHECK_EQUAL(std::string(caught.what()), "client: fatal");
  }
}
