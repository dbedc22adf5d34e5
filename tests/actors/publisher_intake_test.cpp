#define CAF_SUITE publisher_intake

#include "actors/publisher_intake.hpp"

#include "tests/fixtures/actor_fixture.hpp" // last: its macros are lower case

#include <map>

using namespace reviews;

namespace {

/// Answers each record with its publisher's number and the record's place in what that one was sent.
publisher_actor::behavior_type numbering(publisher_actor::pointer self, int number,
                                         std::map<std::string, std::vector<int>>* keys) {
  return {
      [=](const publish_records& what) -> caf::result<records_published> {
        if (what.records.front().value == "die") {
          self->quit(caf::sec::runtime_error);
          return to_error({ec::overloaded, "full", {}});
        }
        records_published result;
        for (const auto& each : what.records) {
          (*keys)[*each.key].push_back(number);
          result.results.push_back(receipt{number, std::stoll(*each.value)});
        }
        return result;
      },
      [](const set_window&) {},
      [](drain) { return drained{}; },
      [](describe) { return description{}; },
  };
}

struct fixture : actor_fixture {
  fixture() : desk(make_front_desk(sys)) {
    for (int i = 0; i < 3; ++i)
      pool->address(static_cast<std::size_t>(i))->set(watch(sys.spawn(numbering, i, &keys)));
  }

  std::vector<record> make_records(int count) {
    std::vector<record> result;
    for (int i = 0; i < count; ++i)
      result.push_back({"vendor-" + std::to_string(i % 10), std::to_string(i), {}});
    return result;
  }

  front_desk_ptr desk;
  pool_ptr<publisher_actor> pool = make_pool<publisher_actor>(3);
  std::map<std::string, std::vector<int>> keys;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(publisher_intake_tests, fixture)

CAF_TEST(a batch over several publishers is answered in its order and a key has one publisher) {
  auto uut = make_publisher_intake(desk, pool);
  std::optional<review_intake::results> got;

  uut->publish(make_records(100), [&](review_intake::results results) { got = std::move(results); });
  settle();

  CAF_REQUIRE(got);
  CAF_REQUIRE_EQUAL(got->size(), 100u);
  for (std::size_t i = 0; i < got->size(); ++i)
    CAF_CHECK_EQUAL((*got)[i]->offset, static_cast<std::int64_t>(i));
  CAF_CHECK_EQUAL(keys.size(), 10u);
  for (const auto& [key, publishers] : keys)
    CAF_CHECK_EQUAL(std::count(publishers.begin(), publishers.end(), publishers[0]),
                    static_cast<std::ptrdiff_t>(publishers.size()));
}

CAF_TEST(without a publisher the answer is unavailable at once) {
  pool->resize(1);
  pool->address(0)->clear();
  auto uut = make_publisher_intake(desk, pool);
  std::optional<review_intake::results> got;

  uut->publish(make_records(2), [&](review_intake::results results) { got = std::move(results); });

  CAF_REQUIRE(got);
  CAF_CHECK_EQUAL(got->size(), 2u);
  CAF_CHECK((*got)[1].error().code == ec::unavailable);
}

CAF_TEST(a failure of the whole request is told for each record) {
  pool->resize(1);
  auto uut = make_publisher_intake(desk, pool);
  std::optional<review_intake::results> got;

  uut->publish({{"k", "die", {}}, {"k", "1", {}}},
               [&](review_intake::results results) { got = std::move(results); });
  settle();

  CAF_REQUIRE(got);
  CAF_CHECK((*got)[0].error().code == ec::overloaded);
  CAF_CHECK((*got)[1].error().code == ec::overloaded);
}

CAF_TEST(what waits in the mailbox of a publisher that ends is answered as unknown) {
  pool->resize(1);
  auto uut = make_publisher_intake(desk, pool);
  std::optional<review_intake::results> second;

  uut->publish({{"k", "die", {}}}, [](review_intake::results) {});
  uut->publish(make_records(1), [&](review_intake::results results) { second = std::move(results); });
  settle();

  CAF_REQUIRE(second);
  CAF_CHECK((*second)[0].error().code == ec::outcome_unknown);
  CAF_CHECK_EQUAL(static_cast<front_desk*>(desk->get())->waiting(), 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
