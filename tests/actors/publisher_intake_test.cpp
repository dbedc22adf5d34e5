#define CAF_SUITE publisher_intake

#include "actors/publisher_intake.hpp"

#include "tests/fakes/recipient.hpp"
#include "tests/fixtures/actor_fixture.hpp" // last: its macros are lower case

#include <map>

using namespace reviews;
using reviews::test::call;

namespace {

/// Answers each record with its publisher's number and the record's place in what that one was sent.
publisher_actor::behavior_type numbering(publisher_actor::pointer self, int number,
                                         std::map<std::string, std::vector<int>>* keys, int* messages_count) {
  return {
      [](const publish_records&) { return records_published{}; },
      [=](const publish_posts& what) {
        ++*messages_count;
        for (auto& each : *what.posts) {
          if (each.records.front().value == "die") {
            self->quit(caf::sec::runtime_error);
            each.reply.fail({ec::overloaded, "full", {}});
            continue;
          }
          review_intake::results got;
          for (const auto& r : each.records) {
            (*keys)[*r.key].push_back(number);
            got.push_back(receipt{number, std::stoll(*r.value)});
          }
          each.reply.send(std::move(got));
        }
      },
      [](const set_window&) {},
      [](drain) { return drained{}; },
      [](describe) { return description{}; },
  };
}

struct fixture : actor_fixture {
  fixture() {
    for (int i = 0; i < 3; ++i)
      pool->address(static_cast<std::size_t>(i))->set(watch(sys.spawn(numbering, i, &keys, &messages_count)));
  }

  void run_turn() {
    for (auto& each : std::exchange(turn, {}))
      each();
    settle();
  }

  review_intake::records make_records(int count) {
    review_intake::records result;
    for (int i = 0; i < count; ++i)
      result.push_back({"vendor-" + std::to_string(i % 10), std::to_string(i), {}});
    return result;
  }

  pool_ptr<publisher_actor> pool = make_pool<publisher_actor>(3);
  std::map<std::string, std::vector<int>> keys;
  int messages_count = 0;
  std::vector<std::function<void()>> turn; ///< What was asked to run later.
  std::unique_ptr<publisher_intake> uut =
      make_publisher_intake([this](std::function<void()> what) { turn.push_back(std::move(what)); }, pool);
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(publisher_intake_tests, fixture)

CAF_TEST(a batch over several publishers is answered in its order and a key has one publisher) {
  std::optional<review_intake::results> got;

  uut->publish(make_records(100), call([&](review_intake::results results) { got = std::move(results); }));
  run_turn();

  CAF_REQUIRE(got);
  CAF_REQUIRE_EQUAL(got->size(), 100u);
  for (std::size_t i = 0; i < got->size(); ++i)
    CAF_CHECK_EQUAL((*got)[i]->offset, static_cast<std::int64_t>(i));
  CAF_CHECK_EQUAL(keys.size(), 10u);
  for (const auto& [key, publishers] : keys)
    CAF_CHECK_EQUAL(std::count(publishers.begin(), publishers.end(), publishers[0]),
                    static_cast<std::ptrdiff_t>(publishers.size()));
}

CAF_TEST(what comes in one turn goes in one message) {
  pool->resize(1);
  std::vector<std::int64_t> answered;
  const auto publish = [&](const char* value) {
    uut->publish({{"k", value, {}}},
                 call([&](const review_intake::results& got) { answered.push_back(got[0]->offset); }));
  };

  for (const auto* value : {"1", "2", "3"})
    publish(value);
  CAF_CHECK_EQUAL(turn.size(), 1u);
  run_turn();

  CAF_CHECK(answered == (std::vector<std::int64_t>{1, 2, 3}));
  CAF_CHECK_EQUAL(messages_count, 1);
  publish("4");
  run_turn();
  CAF_CHECK_EQUAL(answered.size(), 4u);
  CAF_CHECK_EQUAL(messages_count, 2);
}

CAF_TEST(without a publisher the answer is unavailable) {
  pool->resize(1);
  pool->address(0)->clear();
  std::optional<review_intake::results> got;

  uut->publish(make_records(2), call([&](review_intake::results results) { got = std::move(results); }));
  run_turn();

  CAF_REQUIRE(got);
  CAF_CHECK_EQUAL(got->size(), 2u);
  CAF_CHECK((*got)[1].error().code == ec::unavailable);
}

CAF_TEST(a failure of the whole request is told for each record) {
  pool->resize(1);
  std::optional<review_intake::results> got;

  uut->publish({{"k", "die", {}}, {"k", "1", {}}},
               call([&](review_intake::results results) { got = std::move(results); }));
  run_turn();

  CAF_REQUIRE(got);
  CAF_CHECK((*got)[0].error().code == ec::overloaded);
  CAF_CHECK((*got)[1].error().code == ec::overloaded);
}

CAF_TEST(what waits in the mailbox of a publisher that ends is unavailable) {
  pool->resize(1);
  std::optional<review_intake::results> second;

  uut->publish({{"k", "die", {}}}, call([](const review_intake::results&) {}));
  for (auto& each : std::exchange(turn, {}))
    each();
  uut->publish(make_records(1), call([&](review_intake::results results) { second = std::move(results); }));
  run_turn();

  CAF_REQUIRE(second);
  CAF_CHECK((*second)[0].error().code == ec::unavailable);
}

CAF_TEST(what was not sent yet when the intake goes is unavailable) {
  std::optional<review_intake::results> got;
  uut->publish(make_records(1), call([&](review_intake::results results) { got = std::move(results); }));

  uut.reset();

  CAF_REQUIRE(got);
  CAF_CHECK((*got)[0].error().code == ec::unavailable);
}

CAF_TEST_FIXTURE_SCOPE_END()
