#define CAF_SUITE startup_check

#include "actors/startup_check.hpp"

#include "tests/fixtures/actor_fixture.hpp" // last: its macros are lower case

#include <deque>

using namespace reviews;
using namespace std::chrono_literals;

namespace {

struct fixture : actor_fixture {
  void start() {
    startup_check_setup setup;
    for (const char* name : {"topic", "schema"})
      setup.conditions.push_back({name, [this]() -> outcome<void> {
                                    if (failures.empty())
                                      return boost::system::in_place_value;
                                    auto first = failures.front();
                                    failures.pop_front();
                                    return first;
                                  }});
    setup.retry = {100ms, 1'000ms, 5, 60s};
    setup.on_met = [this](const std::string& name) { met.push_back(name); };
    setup.on_all_met = [this] { all_met++; };
    setup.on_refused = [this](const failure& why) { refused = why; };
    watch(sys.spawn(startup_check, setup));
    settle();
  }

  std::deque<failure> failures;
  std::vector<std::string> met;
  int all_met = 0;
  std::optional<failure> refused;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(startup_check_tests, fixture)

CAF_TEST(conditions are met in their order) {
  start();

  CAF_CHECK(met == (std::vector<std::string>{"topic", "schema"}));
  CAF_CHECK_EQUAL(all_met, 1);
}

CAF_TEST(a server that is away is asked again) {
  failures = {{ec::unavailable, "broker: away", {}}, {ec::unavailable, "broker: away", {}}};
  start();
  CAF_CHECK(met.empty());

  pass(100ms);
  CAF_CHECK(met.empty());
  pass(200ms);

  CAF_CHECK_EQUAL(all_met, 1);
  CAF_CHECK(!refused);
}

CAF_TEST(a server that refuses ends the check) {
  failures = {{ec::refused, "topic: expected it to exist", {}}};
  start();
  pass(5'000ms);

  CAF_REQUIRE(refused);
  CAF_CHECK_EQUAL(all_met, 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
