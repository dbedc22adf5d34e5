#define CAF_SUITE publisher_intake_resize

#include "actors/publisher_intake.hpp"

#include "tests/fakes/recipient.hpp"
#include "tests/fixtures/actor_fixture.hpp" // last: its macros are lower case

#include <deque>
#include <map>

using namespace reviews;
using reviews::test::call;

namespace {

/// What publishers were asked, in the order of its coming.
struct publisher_notes {
  std::map<std::string, std::vector<std::string>> values; ///< By key.
  std::map<std::string, std::vector<int>> publishers;     ///< By key.
};

using holding_actor = publisher_actor::extend<caf::reacts_to<std::string>>;

/// Keeps what it is asked until it is told to answer.
holding_actor::behavior_type holding(holding_actor::pointer self, int number, publisher_notes* notes) {
  auto open = std::make_shared<std::deque<std::pair<post_reply, std::size_t>>>();
  return {
      [](const publish_records&) { return records_published{}; },
      [=](const publish_posts& what) {
        for (auto& each : *what.posts) {
          if (each.records.front().value == "die") {
            self->quit(caf::sec::runtime_error);
            each.reply.fail({ec::overloaded, "full", {}});
            continue;
          }
          for (const auto& r : each.records) {
            notes->values[*r.key].push_back(*r.value);
            notes->publishers[*r.key].push_back(number);
          }
          open->emplace_back(std::move(each.reply), each.records.size());
        }
      },
      [](const set_window&) {},
      [](drain) { return drained{}; },
      [](describe) { return description{}; },
      [open](const std::string&) { // answers
        for (auto& [reply, count] : std::exchange(*open, {}))
          reply.send(review_intake::results(count, outcome<receipt>(receipt{0, 0})));
      },
  };
}

struct fixture : actor_fixture {
  fixture() {
    for (int i = 0; i < 3; ++i)
      pool->address(static_cast<std::size_t>(i))
          ->set(publishers.emplace_back(watch(sys.spawn(holding, i, &notes))));
    uut = make_publisher_intake([](const std::function<void()>& what) { what(); }, pool);
  }

  ~fixture() { answer_all(); } // the intake goes first

  /// A record of each of ten keys.
  void publish(const std::string& value) {
    review_intake::records records;
    for (int i = 0; i < 10; ++i)
      records.push_back({"vendor-" + std::to_string(i), value, {}});
    uut->publish(std::move(records),
                 call([this](review_intake::results got) { answers.push_back(std::move(got)); }));
    settle();
  }

  void answer_all() {
    for (auto& each : publishers)
      self->send(each, std::string("answer"));
    settle();
  }

  void resize(std::size_t count) {
    uut->resize(count, [this] { changes.push_back(notes.values["vendor-0"].size()); });
    settle();
  }

  pool_ptr<publisher_actor> pool = make_pool<publisher_actor>(1);
  publisher_notes notes;
  std::vector<holding_actor> publishers;
  std::unique_ptr<publisher_intake> uut;
  std::vector<review_intake::results> answers;
  std::vector<std::size_t> changes; ///< How many of a key's records had come by then.
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(publisher_intake_resize_tests, fixture)

CAF_TEST(an idle intake changes at once) {
  resize(3);

  CAF_CHECK_EQUAL(changes.size(), 1u);
  CAF_CHECK_EQUAL(pool->size(), 3u);
}

CAF_TEST(what comes is held until the old spread is answered and a key keeps its order) {
  publish("1");
  publish("2");

  resize(3);
  publish("3");
  publish("4");

  CAF_CHECK(changes.empty());
  CAF_CHECK_EQUAL(notes.values["vendor-0"].size(), 2u);
  answer_all();
  CAF_CHECK(changes == std::vector<std::size_t>{2});
  for (const auto& [key, values] : notes.values) {
    CAF_CHECK(values == (std::vector<std::string>{"1", "2", "3", "4"}));
    const auto& numbers = notes.publishers[key];
    CAF_CHECK_EQUAL(numbers[0], 0);
    CAF_CHECK_EQUAL(numbers[2], numbers[3]);
  }
  answer_all();
  CAF_CHECK_EQUAL(answers.size(), 4u);
}

CAF_TEST(what was not sent yet goes before a change) {
  std::vector<std::function<void()>> turn;
  uut = make_publisher_intake([&](std::function<void()> what) { turn.push_back(std::move(what)); }, pool);
  publish("1");

  resize(3);
  publish("2");
  CAF_CHECK(changes.empty());
  CAF_CHECK(notes.values.empty());
  for (auto& each : std::exchange(turn, {}))
    each();
  settle();
  CAF_CHECK(changes.empty());
  answer_all();

  CAF_CHECK_EQUAL(changes.size(), 1u);
  for (auto& each : std::exchange(turn, {}))
    each();
  settle();
  CAF_CHECK(notes.values["vendor-0"] == (std::vector<std::string>{"1", "2"}));
}

CAF_TEST(more publishers share the keys and fewer take them over) {
  resize(3);
  publish("1");
  answer_all();
  std::set<int> used;
  for (const auto& [key, numbers] : notes.publishers)
    used.insert(numbers.front());
  CAF_CHECK_EQUAL(used.size(), 3u);

  resize(1);
  publish("2");

  for (const auto& [key, numbers] : notes.publishers)
    CAF_CHECK_EQUAL(numbers.back(), 0);
}

CAF_TEST(what is held has a bound) {
  uut->hold_at_most({15, 1u << 20});
  publish("1");
  resize(2);
  publish("2");

  publish("3");

  CAF_REQUIRE_EQUAL(answers.size(), 1u);
  CAF_CHECK_EQUAL(answers[0].size(), 10u);
  CAF_CHECK(answers[0][0].error().code == ec::overloaded);
  answer_all();
  CAF_CHECK(notes.values["vendor-0"] == (std::vector<std::string>{"1", "2"}));
}

CAF_TEST(a publisher that ends does not keep the change waiting) {
  const auto keep = call([this](review_intake::results got) { answers.push_back(std::move(got)); });
  uut->publish({{"k", "die", {}}}, keep);
  uut->publish({{"k", "1", {}}}, keep); // still in its mailbox when it ends
  uut->resize(2, [this] { changes.push_back(0); });
  CAF_CHECK(changes.empty());

  settle();

  CAF_CHECK_EQUAL(changes.size(), 1u);
  CAF_REQUIRE_EQUAL(answers.size(), 2u);
  CAF_CHECK(answers[1][0].error().code == ec::unavailable);
}

CAF_TEST(what was held meets a publisher that is away) {
  publish("1");
  resize(2);
  publish("2");
  pool->address(0)->clear();
  pool->address(1)->clear();

  answer_all();

  CAF_REQUIRE_EQUAL(answers.size(), 2u);
  CAF_CHECK(answers[1][0].error().code == ec::unavailable);
  pool->address(0)->set(watch(sys.spawn(holding, 0, &notes)));
  resize(1);
  CAF_CHECK_EQUAL(changes.size(), 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
