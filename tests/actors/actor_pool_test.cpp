#define CAF_SUITE actor_pool

#include "actors/actor_pool.hpp"

#include "actors/interfaces.hpp"

#include "tests/fixtures/actor_fixture.hpp" // last: its macros are lower case

using namespace reviews;

namespace {

struct fixture : actor_fixture {
  fixture() {
    for (std::size_t i = 0; i < 3; ++i)
      start(i);
  }

  void start(std::size_t index) { uut->address(index)->set(caf::actor_cast<writer_actor>(self)); }

  pool_ptr<writer_actor> uut = make_pool<writer_actor>(3);
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(actor_pool_tests, fixture)

CAF_TEST(a task goes to the one in charge of its key while all are idle) {
  CAF_CHECK_EQUAL(uut->begin_task(0).index, 0u);
  CAF_CHECK_EQUAL(uut->begin_task(4).index, 1u);
  CAF_CHECK_EQUAL(uut->begin_task(5).index, 2u);
}

CAF_TEST(tasks of one key spread over all) {
  const auto first = uut->begin_task(1);
  const auto second = uut->begin_task(1);
  const auto third = uut->begin_task(1);
  const auto fourth = uut->begin_task(1);

  CAF_CHECK_EQUAL(first.index, 1u);
  CAF_CHECK_EQUAL(second.index, 2u);
  CAF_CHECK_EQUAL(third.index, 0u);
  CAF_CHECK_EQUAL(fourth.index, 1u);
}

CAF_TEST(who has ended a task is less busy) {
  auto first = uut->begin_task(0);
  const auto second = uut->begin_task(0);
  const auto third = uut->begin_task(0);
  CAF_REQUIRE_EQUAL(second.index, 1u);

  first.mark.reset();

  CAF_CHECK_EQUAL(uut->begin_task(1).index, 0u);
}

CAF_TEST(what one could not do goes to the next of those that have as few) {
  const auto in_vain = uut->begin_task(1);
  const auto busy = uut->begin_task(2);
  const auto busier = uut->begin_task(0);
  CAF_REQUIRE_EQUAL(in_vain.index, 1u);

  CAF_CHECK_EQUAL(uut->begin_task(1, {}).index, 1u);
  CAF_CHECK_EQUAL(uut->begin_task(1, in_vain).index, 2u);
}

CAF_TEST(who does not run gets no task) {
  uut->address(0)->clear();
  const auto busy = uut->begin_task(1);
  const auto busier = uut->begin_task(2);
  CAF_CHECK_EQUAL(busy.index, 1u);
  CAF_CHECK_EQUAL(busier.index, 2u);

  CAF_CHECK_EQUAL(uut->begin_task(0).index, 1u);
  start(0);
  CAF_CHECK_EQUAL(uut->begin_task(1).index, 0u);
}

CAF_TEST(without any that runs there is no task) {
  for (std::size_t i = 0; i < 3; ++i)
    uut->address(i)->clear();

  const auto none = uut->begin_task(0);

  CAF_CHECK(!none.to);
  CAF_CHECK(!none.mark);
}

CAF_TEST(who is beyond the size gets no task) {
  const auto first = uut->begin_task(0);
  uut->resize(1);

  CAF_CHECK_EQUAL(uut->begin_task(0).index, 0u);
  CAF_CHECK_EQUAL(uut->begin_task(2).index, 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
