#define CAF_SUITE prefer

#include "http/prefer.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;

namespace {

std::int64_t wait_of(std::initializer_list<std::string_view> lines) {
  http_request request;
  request.fields.push_back({"Accept", "wait=9"});
  for (const auto line : lines)
    request.fields.push_back({"pReFer", line});
  return preferred_wait(request).count();
}

} // namespace

CAF_TEST(the seconds of the preference are read in every form of RFC 7240) {
  CAF_CHECK_EQUAL(wait_of({"wait=5"}), 5);
  CAF_CHECK_EQUAL(wait_of({"WAIT = 5"}), 5);
  CAF_CHECK_EQUAL(wait_of({"wait=\"5\""}), 5);
  CAF_CHECK_EQUAL(wait_of({"wait=5; foo=bar"}), 5);
  CAF_CHECK_EQUAL(wait_of({"respond-async, wait=5, handling=lenient"}), 5);
  CAF_CHECK_EQUAL(wait_of({"foo=\"a, wait=7\", wait=5"}), 5);
  CAF_CHECK_EQUAL(wait_of({"respond-async", "wait=5"}), 5);
  CAF_CHECK_EQUAL(wait_of({"wait=005"}), 5);
}

CAF_TEST(of several the first counts) {
  CAF_CHECK_EQUAL(wait_of({"wait=5, wait=7"}), 5);
  CAF_CHECK_EQUAL(wait_of({"wait=5", "wait=7"}), 5);
  CAF_CHECK_EQUAL(wait_of({"wait=x", "wait=7"}), 0);
}

CAF_TEST(what is no number of seconds is ignored) {
  for (const auto* line : {"", "wait", "wait=", "wait=\"\"", "wait=-1", "wait=5s", "wait=5.0", "wait=+5",
                           "wait= ", "wait=99999999999999999999", "await=5", "wait5", "=5", ",,;", "wait=0"})
    CAF_CHECK_EQUAL(wait_of({line}), 0);
  CAF_CHECK_EQUAL(wait_of({}), 0);
}
