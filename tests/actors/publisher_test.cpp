#define CAF_SUITE publisher

#include "actors/publisher.hpp"

#include "tests/fakes/fake_producer_client.hpp"
#include "tests/fakes/recipient.hpp"

#include "tests/fixtures/actor_fixture.hpp" // last: its macros are lower case

using namespace reviews;
using namespace std::chrono_literals;

namespace {

record make_record(std::string key) {
  return {std::move(key), "value", {}};
}

publish_records ask_for(std::size_t count) {
  publish_records result;
  for (std::size_t i = 0; i < count; ++i)
    result.records.push_back(make_record("key" + std::to_string(i)));
  return result;
}

struct fixture : actor_fixture {
  publisher_private_actor start(publisher_params params = {10, 1'000}) {
    auto result = watch(sys.spawn(publisher, params, make_fake_producer_factory(broker), &metrics));
    settle();
    return result;
  }

  /// Sends posts of one record each in one message; their results come in `answers`, in the order of their
  /// coming.
  void send_posts(const publisher_private_actor& to, std::initializer_list<const char*> keys) {
    auto posts = std::make_shared<std::vector<post>>();
    for (const std::string key : keys)
      posts->push_back({{make_record(key)},
                        {test::call([to = kept, key](const review_intake::results& got) {
                           to->emplace_back(key, got.at(0));
                         }),
                         1}});
    self->send(to, publish_posts{std::move(posts)});
    settle();
  }

  using answer_list = std::vector<std::pair<std::string, outcome<receipt>>>;

  std::shared_ptr<fake_broker> broker = std::make_shared<fake_broker>();
  std::shared_ptr<answer_list> kept = std::make_shared<answer_list>(); ///< Outlives the actors.
  answer_list& answers = *kept;
  publisher_metrics metrics{registry};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(publisher_tests, fixture)

CAF_TEST(an answer comes only after the acknowledgement) {
  auto uut = start();

  auto pending = self->request(uut, caf::infinite, ask_for(1));
  settle();
  CAF_CHECK(!read<records_published>(pending));
  broker->acknowledge();
  settle();

  auto answer = read<records_published>(pending);
  CAF_REQUIRE(answer && *answer);
  CAF_REQUIRE_EQUAL((*answer)->results.size(), 1u);
  CAF_CHECK_EQUAL((*answer)->results[0]->offset, 0);
  CAF_CHECK_EQUAL(metrics.published_total.Value(), 1);
  CAF_CHECK_EQUAL(metrics.in_flight.Value(), 0);
}

CAF_TEST(a batch is answered when its last record is and in its order) {
  auto uut = start();

  auto pending = self->request(uut, caf::infinite, ask_for(3));
  settle();
  broker->acknowledge();
  broker->refuse({ec::invalid, "record: too large", {}});
  settle();
  CAF_CHECK(!read<records_published>(pending));
  broker->acknowledge();
  settle();

  auto answer = read<records_published>(pending);
  CAF_REQUIRE(answer && *answer);
  auto& results = (*answer)->results;
  CAF_CHECK(results[0].has_value());
  CAF_CHECK(results[1].error().code == ec::invalid);
  CAF_CHECK(results[2].has_value());
}

CAF_TEST(a full window answers at once and lets in again when there is room) {
  auto uut = start({2, 1'000});
  auto first = self->request(uut, caf::infinite, ask_for(2));
  settle();

  auto refused = ask_now<records_published>(uut, ask_for(1));

  CAF_REQUIRE(refused && !*refused);
  CAF_CHECK(refused->error().code == ec::overloaded);
  CAF_CHECK(refused->error().retry_after >= 1s);
  broker->acknowledge();
  broker->acknowledge();
  settle();
  CAF_CHECK(read<records_published>(first).has_value());
  auto second = self->request(uut, caf::infinite, ask_for(1));
  settle();
  broker->acknowledge();
  settle();
  CAF_CHECK(read<records_published>(second).has_value());
}

CAF_TEST(another window holds at once and what was admitted stays) {
  auto uut = start({4, 1'000});
  auto first = self->request(uut, caf::infinite, ask_for(3));
  settle();

  self->send(uut, set_window{{2, 1'000}});
  auto refused = ask_now<records_published>(uut, ask_for(1));
  CAF_REQUIRE(refused && !*refused);
  self->send(uut, set_window{{4, 1'000}});
  auto second = self->request(uut, caf::infinite, ask_for(1));
  settle();
  while (!broker->in_flight.empty())
    broker->acknowledge();
  settle();

  CAF_CHECK(read<records_published>(first).has_value());
  CAF_CHECK(read<records_published>(second).has_value());
  CAF_CHECK_EQUAL(metrics.in_flight.Value(), 0);
}

CAF_TEST(whom a full window sends away comes back when it has drained) {
  auto uut = start({100, 100'000});
  std::vector<decltype(self->request(uut, caf::infinite, ask_for(1)))> pending;
  for (int i = 0; i < 100; ++i)
    pending.push_back(self->request(uut, caf::infinite, ask_for(1)));
  settle();
  for (int i = 0; i < 10; ++i) { // 5 a second
    broker->acknowledge();
    pass(200ms);
  }
  for (int i = 0; i < 10; ++i)
    pending.push_back(self->request(uut, caf::infinite, ask_for(1)));
  settle();

  auto refused = ask_now<records_published>(uut, ask_for(1));

  CAF_REQUIRE(refused && !*refused);
  const auto pause = refused->error().retry_after;
  CAF_CHECK(pause >= 18s && pause <= 32s); // 100 at 5 a second, and up to half as much again
  for (int i = 0; i < 100; ++i)
    broker->acknowledge();
  settle();
  for (auto& each : pending)
    CAF_CHECK(read<records_published>(each).has_value());
}

CAF_TEST(in an outage clients are asked to stay away for longer and longer) {
  auto uut = start();
  auto fail_one = [&] {
    auto pending = self->request(uut, caf::infinite, ask_for(1));
    settle();
    broker->refuse({ec::unavailable, "broker: out of reach", {}});
    settle();
    auto answer = read<records_published>(pending);
    CAF_REQUIRE(answer && *answer);
    return (*answer)->results[0].error().retry_after;
  };

  const auto soon = fail_one();
  pass(20s);
  const auto later = fail_one();
  pass(50s);
  const auto last = fail_one();
  pass(10min); // nobody has met it meanwhile
  const auto another = fail_one();

  CAF_CHECK(soon >= 1s && soon <= 2s);
  CAF_CHECK(later >= 20s && later <= 30s);
  CAF_CHECK(last == 60s);
  CAF_CHECK(another >= 1s && another <= 2s);
}

CAF_TEST(a window full of bytes answers at once) {
  auto uut = start({10, 20});
  auto first = self->request(uut, caf::infinite, ask_for(2)); // 18 bytes
  settle();

  auto refused = ask_now<records_published>(uut, ask_for(1));

  CAF_REQUIRE(refused && !*refused);
  CAF_CHECK(refused->error().code == ec::overloaded);
  broker->acknowledge();
  broker->acknowledge();
  settle();
  CAF_CHECK(read<records_published>(first).has_value());
}

CAF_TEST(a record the client does not take fails alone) {
  auto uut = start();
  broker->fail_next_produce = failure{ec::overloaded, "queue: full", {}};

  auto pending = self->request(uut, caf::infinite, ask_for(2));
  settle();
  broker->acknowledge();
  settle();

  auto answer = read<records_published>(pending);
  CAF_REQUIRE(answer && *answer);
  CAF_CHECK((*answer)->results[0].error().code == ec::overloaded);
  CAF_CHECK((*answer)->results[1].has_value());
}

CAF_TEST(a fatal client ends the actor and leaves the outcome unknown) {
  auto uut = start();
  self->monitor(uut);
  auto first = self->request(uut, caf::infinite, ask_for(1));
  auto second = self->request(uut, caf::infinite, ask_for(1));
  settle();

  broker->refuse({ec::broken, "client: out of sequence", {}});
  settle();

  bool ended = false;
  self->receive([&](const caf::down_msg& down) {
    ended = true;
    CAF_CHECK(to_failure(down.reason).code == ec::broken);
  });
  CAF_CHECK(ended);
  for (auto* pending : {&first, &second}) {
    auto answer = read<records_published>(*pending);
    CAF_REQUIRE(answer && *answer);
    CAF_CHECK((*answer)->results[0].error().code == ec::outcome_unknown);
    CAF_CHECK(!(*answer)->results[0].error().detail.empty());
  }
  CAF_CHECK_EQUAL(metrics.in_flight.Value(), 0);
}

CAF_TEST(a client that may not write ends the actor as refused without a record) {
  auto uut = start();
  self->monitor(uut);

  broker->end_reason = failure{ec::refused, "client: no right to write", {}};
  broker->wake();
  settle();

  bool ended = false;
  self->receive([&](const caf::down_msg& down) {
    ended = true;
    CAF_CHECK(to_failure(down.reason).code == ec::refused);
  });
  CAF_CHECK(ended);
}

CAF_TEST(a drain is answered when nothing is in flight and takes nothing new) {
  auto uut = start();
  auto first = self->request(uut, caf::infinite, ask_for(1));
  settle();

  auto end = self->request(uut, caf::infinite, drain{});
  settle();
  auto refused = self->request(uut, caf::infinite, ask_for(1));
  settle();
  refused.receive([](records_published&) { CAF_FAIL("taken while draining"); },
                  [](caf::error& why) { CAF_CHECK(to_failure(why).code == ec::shutting_down); });
  broker->acknowledge();
  settle();

  CAF_CHECK(read<records_published>(first).has_value());
  CAF_CHECK(read<drained>(end).has_value());
}

CAF_TEST(posts of one message are answered each by itself) {
  auto uut = start();

  send_posts(uut, {"a", "b"});
  CAF_CHECK(answers.empty());
  CAF_CHECK_EQUAL(metrics.in_flight.Value(), 2);
  broker->acknowledge();
  settle();

  CAF_REQUIRE_EQUAL(answers.size(), 1u);
  CAF_CHECK_EQUAL(answers[0].first, "a");
  CAF_CHECK_EQUAL(answers[0].second->offset, 0);
  CAF_CHECK_EQUAL(metrics.in_flight.Value(), 1);
  broker->refuse({ec::invalid, "record: too large", {}});
  settle();
  CAF_REQUIRE_EQUAL(answers.size(), 2u);
  CAF_CHECK(answers[1].second.error().code == ec::invalid);
  CAF_CHECK_EQUAL(metrics.in_flight.Value(), 0);
}

CAF_TEST(a full window refuses those posts that find it full) {
  auto uut = start({2, 1'000});

  send_posts(uut, {"a", "b", "c"});

  CAF_REQUIRE_EQUAL(answers.size(), 1u);
  CAF_CHECK_EQUAL(answers[0].first, "c");
  CAF_CHECK(answers[0].second.error().code == ec::overloaded);
  CAF_CHECK(answers[0].second.error().retry_after >= 1s);
  CAF_CHECK_EQUAL(broker->in_flight.size(), 2u);
}

CAF_TEST(when the client breaks among posts those that were not tried are unavailable) {
  auto uut = start();
  broker->fail_next_produce = failure{ec::broken, "client: fenced", {}};

  send_posts(uut, {"a", "b"});

  CAF_REQUIRE_EQUAL(answers.size(), 2u);
  CAF_CHECK(answers[0].second.error().code == ec::outcome_unknown);
  CAF_CHECK_EQUAL(answers[1].first, "b");
  CAF_CHECK(answers[1].second.error().code == ec::unavailable);
  CAF_CHECK_EQUAL(metrics.in_flight.Value(), 0);
}

CAF_TEST(posts that are under way when the actor ends have an unknown outcome) {
  auto uut = start();
  send_posts(uut, {"a"});

  self->send_exit(uut, caf::exit_reason::kill);
  settle();

  CAF_REQUIRE_EQUAL(answers.size(), 1u);
  CAF_CHECK(answers[0].second.error().code == ec::outcome_unknown);
  CAF_CHECK_EQUAL(metrics.in_flight.Value(), 0);
}

CAF_TEST(a drain refuses posts) {
  auto uut = start();
  send_posts(uut, {"a"});
  self->request(uut, caf::infinite, drain{});
  settle();

  send_posts(uut, {"b"});

  CAF_REQUIRE_EQUAL(answers.size(), 1u);
  CAF_CHECK_EQUAL(answers[0].first, "b");
  CAF_CHECK(answers[0].second.error().code == ec::shutting_down);
}

CAF_TEST(without a client the actor ends with the reason) {
  broker->fail_next_client = failure{ec::refused, "kafka.producer.linger.ms: expected a number", {}};

  auto uut = sys.spawn(publisher, publisher_params{}, make_fake_producer_factory(broker), &metrics);
  self->monitor(uut);
  settle();

  self->receive([&](const caf::down_msg& down) { CAF_CHECK(to_failure(down.reason).code == ec::refused); });
}

CAF_TEST(what is under way is described) {
  auto uut = start();
  self->send(uut, ask_for(3));
  settle();

  auto answer = self->request(uut, caf::infinite, describe{});
  settle();

  answer.receive([](description& got) { CAF_CHECK_EQUAL(got.work_in_flight, 3u); },
                 [](caf::error&) { CAF_FAIL("no description"); });
}

CAF_TEST_FIXTURE_SCOPE_END()
