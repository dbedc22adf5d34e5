#define CAF_SUITE latency_histogram

#include "deploy/reviewctl/latency_histogram.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews::ctl;
using namespace std::chrono_literals;

CAF_TEST(without durations every quantile is zero) {
  const latency_histogram uut;

  CAF_CHECK_EQUAL(uut.quantile(0.5).count(), 0);
  CAF_CHECK_EQUAL(uut.max().count(), 0);
}

CAF_TEST(short durations are kept exactly and rounded up to microseconds) {
  latency_histogram uut;

  for (int i = 1; i <= 50; ++i)
    uut.add(std::chrono::microseconds(i));
  uut.add(50'001ns);

  CAF_CHECK_EQUAL(uut.quantile(0.5).count(), 26);
  CAF_CHECK_EQUAL(uut.quantile(0).count(), 1);
  CAF_CHECK_EQUAL(uut.max().count(), 51);
  CAF_CHECK_EQUAL(uut.count(), 51u);
}

CAF_TEST(every quantile is within a sixty - fourth above the true one) {
  latency_histogram uut;
  constexpr int count = 100'000;

  for (int i = 1; i <= count; ++i)
    uut.add(std::chrono::microseconds(i * 37));

  for (const double share : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto exact = share * count * 37;
    const auto got = double(uut.quantile(share).count());
    CAF_CHECK(got >= exact * 0.9999);
    CAF_CHECK(got <= exact * (1 + 1.0 / 64) + 37);
  }
}

CAF_TEST(what lies outside the range counts as the nearest in it) {
  latency_histogram uut;

  uut.add(-5s);
  uut.add(5h);

  CAF_CHECK_EQUAL(uut.quantile(0.5).count(), 1);
  CAF_CHECK_EQUAL(uut.quantile(1).count(), 3'600'000'000);
  CAF_CHECK_EQUAL(uut.max().count(), 3'600'000'000);
}
