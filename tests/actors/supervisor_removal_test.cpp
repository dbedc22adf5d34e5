#define CAF_SUITE supervisor_removal

#include "actors/supervisor.hpp"

#include "tests/fixtures/actor_fixture.hpp" // last: its macros are lower case

using namespace reviews;
using namespace std::chrono_literals;

namespace {

using child_actor = caf::typed_actor<caf::replies_to<describe>::with<description>,
                                     caf::replies_to<drain>::with<drained>, caf::reacts_to<std::string>>;

/// Ends at a word; a slow one answers a drain only at the word `drained`.
child_actor::behavior_type child(child_actor::pointer self, bool is_slow) {
  auto held = std::make_shared<caf::response_promise>();
  return {
      [](describe) { return description{}; },
      [=](drain) -> caf::result<drained> {
        if (!is_slow)
          return drained{};
        *held = self->make_response_promise();
        return caf::delegated<drained>{};
      },
      [=](const std::string& what) {
        if (what == "drained")
          held->deliver(drained{});
        else
          self->quit(to_error({ec::broken, what, {}}));
      },
  };
}

struct fixture : actor_fixture {
  fixture() {
    uut = watch(sys.spawn(supervisor, supervisor_setup{{100ms, 1'000ms, 3, 60s}, &metrics, [] {}}));
    caf::anon_send(uut, start_children{{spec(0), spec(1), spec(2, true)}});
    settle();
  }

  child_spec spec(std::size_t index, bool is_slow = false) {
    return make_child("child-" + std::to_string(index), "children", true, addresses[index],
                      [this, index, is_slow](caf::actor_system& where) {
                        ++starts[index];
                        return watch(where.spawn(child, is_slow));
                      });
  }

  auto remove(std::vector<std::string> names) {
    auto pending = self->request(uut, caf::infinite, remove_children{std::move(names), 1'000ms});
    settle();
    return pending;
  }

  void tell(std::size_t index, const char* what) {
    self->send(addresses[index]->get(), std::string(what));
    settle();
  }

  tree_description tree() {
    auto answer = ask_now<tree_description>(uut, describe_tree{});
    CAF_REQUIRE(answer && *answer);
    return std::move(**answer);
  }

  supervisor_metrics metrics{registry};
  std::array<address_ptr<child_actor>, 3> addresses{make_address<child_actor>(), make_address<child_actor>(),
                                                    make_address<child_actor>()};
  std::array<int, 3> starts{};
  supervisor_private_actor uut;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(supervisor_removal_tests, fixture)

CAF_TEST(a child is stopped for good while the others go on) {
  auto pending = remove({"child-0", "unknown"});
  pass(5'000ms);

  CAF_CHECK(read<children_removed>(pending).has_value());
  CAF_CHECK(addresses[0]->get() == nullptr);
  CAF_CHECK(addresses[1]->get() != nullptr);
  CAF_CHECK_EQUAL(starts[0], 1);
  const auto got = tree();
  CAF_REQUIRE_EQUAL(got.children.size(), 2u);
  CAF_CHECK_EQUAL(got.children[0].name, "child-1");
  CAF_CHECK_EQUAL(got.restarts, 0u);
  const auto text = metrics_text(registry);
  CAF_CHECK(text.find("reviews_pool_size{pool=\"children\"} 2\n") != std::string::npos);
  CAF_CHECK(text.find("reviews_mailbox_depth{actor=\"child-0\"}") == std::string::npos);
  CAF_CHECK(text.find("reviews_supervisor_restarts_total{actor=\"child-0\"} 0\n") != std::string::npos);
}

CAF_TEST(a child is drained before it is stopped for good) {
  auto pending = remove({"child-2"});
  CAF_CHECK(!read<children_removed>(pending));
  CAF_CHECK(addresses[2]->get() != nullptr);
  const auto got = tree();
  CAF_CHECK_EQUAL(got.children[2].what.state, "leaving");

  tell(2, "drained");

  CAF_CHECK(read<children_removed>(pending).has_value());
  CAF_CHECK(addresses[2]->get() == nullptr);
}

CAF_TEST(a drain that takes too long ends with the child) {
  auto pending = remove({"child-2"});

  pass(1'000ms);

  CAF_CHECK(read<children_removed>(pending).has_value());
  CAF_CHECK(addresses[2]->get() == nullptr);
}

CAF_TEST(a child that fails while it leaves is not restarted) {
  auto pending = remove({"child-2"});

  tell(2, "crash");
  pass(5'000ms);

  CAF_CHECK(read<children_removed>(pending).has_value());
  CAF_CHECK_EQUAL(starts[2], 1);
  CAF_CHECK(tree().restarts == 0u);
}

CAF_TEST(a child that waits for its restart is removed at once and not started again) {
  tell(0, "crash");

  auto pending = remove({"child-0"});

  CAF_CHECK(read<children_removed>(pending).has_value());
  pass(5'000ms);
  CAF_CHECK_EQUAL(starts[0], 1);
  const auto got = tree();
  CAF_CHECK_EQUAL(got.children.size(), 2u);
  CAF_CHECK_EQUAL(got.restarts, 1u);
}

CAF_TEST(a removed child can be started again under its name) {
  auto pending = remove({"child-1"});
  CAF_CHECK(read<children_removed>(pending).has_value());

  auto answer = ask_now<children_started>(uut, start_children{{spec(1)}});

  CAF_CHECK(answer && *answer);
  CAF_CHECK_EQUAL(starts[1], 2);
  tell(1, "crash");
  pass(100ms);
  CAF_CHECK_EQUAL(starts[1], 3);
}

CAF_TEST(a stop waits for children that leave) {
  auto removal = remove({"child-2"});
  auto stop = self->request(uut, caf::infinite, stop_children{1'000ms});
  settle();
  CAF_CHECK(!read<children_stopped>(stop));
  CAF_CHECK(addresses[0]->get() == nullptr);

  tell(2, "drained");

  CAF_CHECK(read<children_removed>(removal).has_value());
  auto stopped = read<children_stopped>(stop);
  CAF_REQUIRE(stopped && *stopped);
  CAF_CHECK((*stopped)->clean);
}

CAF_TEST_FIXTURE_SCOPE_END()
