#define CAF_SUITE text

#include "config/text.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews::config;

CAF_TEST(the distance counts edits) {
  CAF_CHECK_EQUAL(distance("", ""), 0u);
  CAF_CHECK_EQUAL(distance("port", ""), 4u);
  CAF_CHECK_EQUAL(distance("port", "prot"), 2u);
  CAF_CHECK_EQUAL(distance("body-byte-max", "body-bytes-max"), 1u);
}

CAF_TEST(only a near name is suggested) {
  const std::vector<std::string> names{"port", "host", "body-bytes-max", "batch-bytes-max"};

  CAF_CHECK_EQUAL(nearest("prot", names), "port");
  CAF_CHECK_EQUAL(nearest("body_bytes_max", names), "body-bytes-max");
  CAF_CHECK_EQUAL(nearest("colour", names), "");
  CAF_CHECK_EQUAL(nearest(std::string(300, 'p'), names), "");
}

CAF_TEST(pieces are cut without their blanks) {
  CAF_CHECK(split("", ',').empty());
  CAF_CHECK(split("a, b ,c", ',') == (std::vector<std::string>{"a", "b", "c"}));
  CAF_CHECK(split("a,", ',') == (std::vector<std::string>{"a", ""}));
  CAF_CHECK(split(" ", ',') == (std::vector<std::string>{""}));
}
