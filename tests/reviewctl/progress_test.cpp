#define CAF_SUITE progress

#include "deploy/reviewctl/progress.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews::ctl;

CAF_TEST(the bar shows share and numbers) {
  CAF_CHECK_EQUAL(format_progress("load", 0, 10, ""), "load [>                             ]   0 %  0/10");
  CAF_CHECK_EQUAL(format_progress("load", 5, 10, "9/s"),
                  "load [===============>              ]  50 %  5/10  9/s");
  CAF_CHECK_EQUAL(format_progress("load", 10, 10, ""), "load [==============================] 100 %  10/10");
  CAF_CHECK_EQUAL(format_progress("load", 11, 10, ""), "load [==============================] 100 %  11/10");
}

CAF_TEST(without a total only the number is shown) {
  CAF_CHECK_EQUAL(format_progress("rows", 7, 0, ""), "rows 7");
}
