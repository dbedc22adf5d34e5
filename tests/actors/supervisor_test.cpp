#define CAF_SUITE supervisor

#include "actors/supervisor.hpp"

#include "tests/fixtures/actor_fixture.hpp" // last: its macros are lower case

using namespace reviews;
using namespace std::chrono_literals;

namespace {

using child_actor = caf::typed_actor<caf::replies_to<describe>::with<description>,
                                     caf::replies_to<drain>::with<drained>, caf::reacts_to<std::string>>;

/// A child that ends normally at `done`, as refused at `refused`, with another error at anything else.
child_actor::behavior_type child(child_actor::pointer self, std::size_t work_in_flight) {
  return {
      [](describe) {
        return description{0, 7, "running"};
      },
      [](drain) { return drained{}; },
      [self](const std::string& what) {
        if (what == "done")
          self->quit();
        else
          self->quit(to_error({what == "refused" ? ec::refused : ec::broken, what, {}}));
      },
  };
}

struct fixture : actor_fixture {
  fixture() {
    uut = watch(
        sys.spawn(supervisor,
                  supervisor_setup{
                      {100ms, 1'000ms, 3, 60s}, &metrics, [this] { gave_up++; }, 1, [this] { refused++; }}));
    settle();
    caf::anon_send(uut, start_children{{spec(0), spec(1)}});
    settle();
  }

  child_spec spec(std::size_t index) {
    return make_child("child-" + std::to_string(index), "children", true, addresses[index],
                      [this, index](caf::actor_system& where) {
                        ++starts[index];
                        order.push_back(index);
                        return watch(where.spawn(child, std::size_t{7}));
                      });
  }

  void tell(std::size_t index, std::string what) {
    self->send(addresses[index]->get(), std::move(what));
    settle();
  }

  tree_description tree() {
    auto answer = ask_now<tree_description>(uut, describe_tree{});
    CAF_REQUIRE(answer && *answer);
    return std::move(**answer);
  }

  supervisor_metrics metrics{registry};
  std::array<address_ptr<child_actor>, 2> addresses{make_address<child_actor>(), make_address<child_actor>()};
  std::array<int, 2> starts{};
  std::vector<std::size_t> order;
  int gave_up = 0;
  int refused = 0;
  supervisor_private_actor uut;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(supervisor_tests, fixture)

CAF_TEST(children start in their order and can be reached) {
  CAF_CHECK(order == (std::vector<std::size_t>{0, 1}));
  CAF_CHECK(addresses[0]->get() != nullptr);
}

CAF_TEST(metrics name every child from its start) {
  const auto text = metrics_text(registry);

  CAF_CHECK(text.find("reviews_supervisor_restarts_total{actor=\"child-0\"} 0\n") != std::string::npos);
  CAF_CHECK(text.find("reviews_mailbox_depth{actor=\"child-1\"} 0\n") != std::string::npos);
  CAF_CHECK(text.find("reviews_pool_size{pool=\"children\"} 2\n") != std::string::npos);
}

CAF_TEST(only the child that failed is restarted and after a pause) {
  auto first = addresses[0]->get();
  auto second = addresses[1]->get();

  tell(0, "crash");
  CAF_CHECK(addresses[0]->get() == nullptr);
  CAF_CHECK_EQUAL(starts[0], 1);
  pass(100ms);

  CAF_CHECK_EQUAL(starts[0], 2);
  CAF_CHECK(addresses[0]->get() != nullptr);
  CAF_CHECK(addresses[0]->get() != first);
  CAF_CHECK(addresses[1]->get() == second);
}

CAF_TEST(a child that a server refused for good ends the process without a restart) {
  tell(0, "refused");
  tell(1, "refused");
  pass(1'000ms);

  CAF_CHECK_EQUAL(refused, 1);
  CAF_CHECK_EQUAL(gave_up, 0);
  CAF_CHECK_EQUAL(starts[0] + starts[1], 2);
}

CAF_TEST(pauses double while a child keeps failing) {
  tell(0, "crash");
  pass(100ms);
  CAF_CHECK_EQUAL(starts[0], 2);

  tell(0, "crash");
  pass(99ms);
  CAF_CHECK_EQUAL(starts[0], 2);
  pass(101ms);

  CAF_CHECK_EQUAL(starts[0], 3);
}

CAF_TEST(a pause is short again after a long life) {
  tell(0, "crash");
  pass(100ms);
  tell(0, "crash");
  pass(200ms);
  pass(1'000ms);

  tell(0, "crash");
  pass(100ms);

  CAF_CHECK_EQUAL(starts[0], 4);
}

CAF_TEST(a child that ends normally is done) {
  tell(0, "done");
  pass(5'000ms);

  CAF_CHECK_EQUAL(starts[0], 1);
  const auto got = tree();
  CAF_CHECK_EQUAL(got.children[0].what.state, "done");
  CAF_CHECK_EQUAL(gave_up, 0);
}

CAF_TEST(a spent budget gives up once and restarts nobody) {
  for (int i = 0; i < 4; ++i) {
    tell(0, "crash");
    pass(1'000ms);
  }

  CAF_CHECK_EQUAL(gave_up, 1);
  CAF_CHECK_EQUAL(starts[0], 4);
  CAF_CHECK(tree().has_given_up);
}

CAF_TEST(what the watchdog ends is restarted free of charge) {
  for (int i = 0; i < 20; ++i) {
    self->send_exit(addresses[0]->get(), to_error({ec::stuck, "partition 0: stuck", {}}));
    settle();
    pass(1'000ms);
  }

  CAF_CHECK_EQUAL(gave_up, 0);
  CAF_CHECK_EQUAL(starts[0], 21);
  const auto got = tree();
  CAF_CHECK_EQUAL(got.children[0].restarts, 20u);
}

CAF_TEST(a budget comes back with time) {
  for (int i = 0; i < 6; ++i) {
    tell(0, "crash");
    pass(31s);
  }

  CAF_CHECK_EQUAL(gave_up, 0);
  CAF_CHECK_EQUAL(starts[0], 7);
}

CAF_TEST(the tree shows restarts and what children do) {
  tell(1, "crash");
  pass(100ms);

  auto got = tree();

  CAF_REQUIRE_EQUAL(got.children.size(), 2u);
  CAF_CHECK_EQUAL(got.restarts, 1u);
  CAF_CHECK_EQUAL(got.children[1].restarts, 1u);
  CAF_CHECK(got.children[0].responding);
  CAF_CHECK_EQUAL(got.children[0].what.work_in_flight, 7u);
  CAF_CHECK(to_json(got).find(R"("actor":"child-1")") != std::string::npos);
}

CAF_TEST(a child that does not answer is shown as such) {
  addresses[0] = make_address<child_actor>();
  self->send(uut,
             start_children{{make_child("mute", "children", false, addresses[0], [this](caf::actor_system&) {
               return caf::actor_cast<child_actor>(self.ptr());
             })}});
  settle();

  auto pending = self->request(uut, caf::infinite, describe_tree{});
  settle();
  pass(500ms);

  pending.receive(
      [](tree_description& got) {
        CAF_CHECK(!got.children[2].responding);
        CAF_CHECK(got.children[0].responding);
      },
      [](caf::error&) { CAF_FAIL("no tree"); });
}

CAF_TEST(the tree as JSON holds pools and restarts and mailbox depths) {
  const tree_description tree{3,
                              true,
                              {{"a-0", "a", 2, true, true, {5, 7, "running"}},
                               {"a-1", "a", 1, false, false, {}},
                               {"b", "b", 0, true, false, {0, 1, "a \"word\""}}}};

  CAF_CHECK_EQUAL(
      to_json(tree),
      R"({"actor":"supervisor","restarts":3,"has_given_up":true,"pools":{"a":1,"b":1},"children":[)"
      R"({"actor":"a-0","pool":"a","state":"running","running":true,"responding":true,"restarts":2,)"
      R"("mailbox_depth":5,"work_in_flight":7},)"
      R"({"actor":"a-1","pool":"a","state":"","running":false,"responding":false,"restarts":1,)"
      R"("mailbox_depth":0,"work_in_flight":0},)"
      R"({"actor":"b","pool":"b","state":"a \"word\"","running":true,"responding":false,"restarts":0,)"
      R"("mailbox_depth":0,"work_in_flight":1}]})");
}

CAF_TEST(children stop in the reverse order) {
  auto answer = ask_now<children_stopped>(uut, stop_children{1'000ms});

  CAF_REQUIRE(answer && *answer);
  CAF_CHECK((*answer)->clean);
  CAF_CHECK(addresses[0]->get() == nullptr);
  CAF_CHECK(addresses[1]->get() == nullptr);
  pass(5'000ms);
  CAF_CHECK_EQUAL(starts[0], 1);
}

CAF_TEST_FIXTURE_SCOPE_END()
