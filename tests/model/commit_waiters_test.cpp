#define CAF_SUITE commit_waiters

#include "actors/model/commit_waiters.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace std::chrono_literals;

namespace {

struct fixture {
  commit_waiter waiter(std::uint64_t token, std::int32_t partition, std::int64_t offset,
                       std::chrono::milliseconds after = 1s) {
    return {token, partition, offset, {}, begin + after};
  }

  static std::vector<std::uint64_t> tokens(const std::vector<commit_waiter>& of) {
    std::vector<std::uint64_t> result;
    for (const auto& each : of)
      result.push_back(each.token);
    return result;
  }

  using list = std::vector<std::uint64_t>;
  commit_waiters::time_point begin{1h};
  commit_waiters uut{4};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(commit_waiters_tests, fixture)

CAF_TEST(those before the next offset of their partition are passed and told once) {
  CAF_CHECK(uut.add(waiter(1, 0, 10)));
  CAF_CHECK(uut.add(waiter(2, 0, 11)));
  CAF_CHECK(uut.add(waiter(3, 0, 12)));
  CAF_CHECK(uut.add(waiter(4, 1, 10)));

  CAF_CHECK(tokens(uut.passed(0, 12)) == (list{1, 2}));
  CAF_CHECK(tokens(uut.passed(0, 12)).empty());
  CAF_CHECK(tokens(uut.passed(0, 13)) == list{3});
  CAF_CHECK_EQUAL(uut.size(), 4u);
}

CAF_TEST(two may wait for the same record) {
  uut.add(waiter(1, 0, 10));
  uut.add(waiter(2, 0, 10));

  CAF_CHECK(tokens(uut.passed(0, 11)) == (list{1, 2}));
}

CAF_TEST(one too many is not added until there is room) {
  for (std::uint64_t i = 1; i <= 4; ++i)
    CAF_CHECK(uut.add(waiter(i, 0, 1)));

  CAF_CHECK(!uut.add(waiter(5, 0, 1)));
  CAF_CHECK(uut.remove(2));
  CAF_CHECK(uut.add(waiter(5, 0, 1)));
}

CAF_TEST(who is due is out with the place that it waited for) {
  uut.add(waiter(1, 0, 10, 2s));
  uut.add(waiter(2, 0, 11, 1s));
  CAF_CHECK(uut.next_deadline() == begin + 1s);

  CAF_CHECK(tokens(uut.take_due(begin + 999ms)).empty());
  CAF_CHECK(tokens(uut.take_due(begin + 1s)) == list{2});

  CAF_CHECK(uut.next_deadline() == begin + 2s);
  CAF_CHECK(tokens(uut.passed(0, 12)) == list{1});
}

CAF_TEST(who is passed is due all the same until it is removed) {
  uut.add(waiter(1, 0, 10));
  uut.add(waiter(2, 0, 10));
  uut.passed(0, 11);

  CAF_CHECK(uut.remove(1));
  CAF_CHECK(!uut.remove(1));

  CAF_CHECK(tokens(uut.take_due(begin + 1h)) == list{2});
  CAF_CHECK(!uut.next_deadline());
  CAF_CHECK_EQUAL(uut.size(), 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
