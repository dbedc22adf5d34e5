#define CAF_SUITE feed_watch

#include <boost/json/parse.hpp>

#include "tests/fixtures/feed_fixture.hpp" // last: its macros are lower case

using namespace reviews;
using namespace std::chrono_literals;

namespace {

struct fixture : feed_fixture {
  fixture() { log->partitions = {{0, 10, 1, {1}, {1}}}; }

  std::unique_ptr<ring_listener> listen(std::optional<event_id> after = {}) {
    auto got = desk.listen(after);
    CAF_REQUIRE(got);
    settle();
    return std::move(*got);
  }

  std::string take(ring_listener& from) {
    std::string all;
    for (std::string out; from.take(out, [] {}) && !out.empty(); out.clear())
      all += out;
    return all;
  }

  /// The data of all events of a kind.
  static std::vector<boost::json::value> data_of(const std::string& text, const std::string& kind) {
    std::vector<boost::json::value> result;
    for (auto at = text.find("event: " + kind); at != text.npos; at = text.find("event: " + kind, at + 1)) {
      const auto begin = text.find("data: ", at) + 6;
      result.push_back(boost::json::parse(text.substr(begin, text.find('\n', begin) - begin)));
    }
    return result;
  }

  /// A batch of the samples whose rows can be read and which is heard of.
  void store(int first, int count) {
    for (int i = first; i < first + count; ++i)
      stored->add(make_sample_review(i), 0, i);
    commit(make_sample_batch(first, count));
  }

  static std::vector<std::int64_t> offsets(const std::vector<boost::json::value>& events) {
    std::vector<std::int64_t> result;
    for (const auto& each : events)
      result.push_back(each.at("review").at("offset").as_int64());
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(feed_watch_tests, fixture)

CAF_TEST(while nobody listens nothing is read or looked at) {
  store(0, 3);
  pass(10s);

  CAF_CHECK_EQUAL(stored->calls, 0u);
  CAF_CHECK_EQUAL(log->looks, 0u);
  CAF_CHECK_EQUAL(ring->events(), 0u);
}

CAF_TEST(a listener is told of the reviews of a commit in their order) {
  auto listener = listen();
  take(*listener);

  store(0, 3);

  const auto events = data_of(take(*listener), "review");
  CAF_CHECK(offsets(events) == (std::vector<std::int64_t>{0, 1, 2}));
  CAF_CHECK_EQUAL(std::string(events[1].at("review").at("author").as_string()), "Ada 1");
  CAF_CHECK_EQUAL(std::string(events[1].at("actor").as_string()), "consumer-1");
  CAF_CHECK_EQUAL(events[1].at("skipped").as_int64(), 0);
}

CAF_TEST(what was stored before is no news and what cannot be read is skipped) {
  auto listener = listen();
  take(*listener);
  stored->add(make_sample_review(0), 4, 40); // from another record
  stored->add(make_sample_review(2), 0, 2);

  commit(make_sample_batch(0, 3), 2);

  const auto events = data_of(take(*listener), "review");
  CAF_CHECK(offsets(events) == std::vector<std::int64_t>{2});
  CAF_CHECK_EQUAL(events[0].at("skipped").as_int64(), 1);
}

CAF_TEST(a batch of nothing new is not read) {
  auto listener = listen();
  const auto calls = stored->calls;

  commit(make_sample_batch(0, 3), 0);

  CAF_CHECK_EQUAL(stored->calls, calls);
}

CAF_TEST(rows are read a few at a time with a pause that grows with them) {
  auto listener = listen();
  take(*listener);

  store(0, 60);

  CAF_CHECK_EQUAL(data_of(take(*listener), "review").size(), feed_state::read_rows_max);
  pass(240ms);
  CAF_CHECK(data_of(take(*listener), "review").empty());
  pass(10ms);
  CAF_CHECK_EQUAL(data_of(take(*listener), "review").size(), feed_state::read_rows_max);
  pass(250ms);
  CAF_CHECK_EQUAL(data_of(take(*listener), "review").size(), 10u);
}

CAF_TEST(of more reviews than are told in time the newest are and the others counted) {
  auto listener = listen();
  take(*listener);
  store(0, 1);
  take(*listener);

  store(1, 90);
  store(91, 90); // before the pause after the first one is over
  std::vector<boost::json::value> events;
  for (int i = 0; i < 6; ++i) {
    pass(250ms);
    for (auto& each : data_of(take(*listener), "review"))
      events.push_back(std::move(each));
  }

  CAF_REQUIRE_EQUAL(events.size(), feed_state::unread_max);
  const auto told = offsets(events);
  CAF_CHECK_EQUAL(told.front(), 81);
  CAF_CHECK_EQUAL(told.back(), 180);
  CAF_CHECK_EQUAL(events[0].at("skipped").as_int64(), 80);
  CAF_CHECK_EQUAL(events[1].at("skipped").as_int64(), 0);
  CAF_CHECK(shows("reviews_feed_skipped_total 80"));
}

CAF_TEST(of a large batch those that its notice does not list are counted) {
  auto listener = listen();
  take(*listener);

  store(0, 1'000);

  const auto events = data_of(take(*listener), "review");
  CAF_REQUIRE(!events.empty());
  const auto told = offsets(events);
  CAF_CHECK_EQUAL(told.front(), 900);
  CAF_CHECK_EQUAL(events[0].at("skipped").as_int64(), 900);
}

CAF_TEST(rows that cannot be read are skipped and reading goes on) {
  auto listener = listen();
  take(*listener);
  stored->failures = {{ec::unavailable, "08006", {}}};
  store(0, 2);
  CAF_CHECK(data_of(take(*listener), "review").empty());
  store(2, 1);

  pass(1s);

  const auto events = data_of(take(*listener), "review");
  CAF_CHECK(offsets(events) == std::vector<std::int64_t>{2});
  CAF_CHECK_EQUAL(events[0].at("skipped").as_int64(), 2);
}

CAF_TEST(the pipeline is told at once and then every second) {
  hear(to_payloads(make_report("host:7", {0}))[0], heard_notice::topic::consumer);
  stored->offsets = {{0, 7}};

  auto listener = listen();

  auto told = data_of(take(*listener), "pipeline");
  CAF_REQUIRE_EQUAL(told.size(), 1u);
  CAF_CHECK_EQUAL(std::string(told[0].at("kafka").as_string()), "reachable");
  CAF_CHECK_EQUAL(std::string(told[0].at("database").as_string()), "reachable");
  CAF_CHECK_EQUAL(told[0].at("listeners").as_int64(), 1);
  CAF_CHECK_EQUAL(std::string(told[0].at("partitions").at(0).at("consumer").as_string()), "host:7");
  for (int i = 0; i < 3; ++i) {
    pass(1s);
    told = data_of(take(*listener), "pipeline");
    CAF_REQUIRE_EQUAL(told.size(), 1u);
  }
  CAF_CHECK_EQUAL(told[0].at("partitions").at(0).at("stored").as_int64(), 7);
  CAF_CHECK_EQUAL(told[0].at("partitions").at(0).at("log_end").as_int64(), 10);
  CAF_CHECK_EQUAL(log->looks, 4u);
  CAF_CHECK_EQUAL(log->sources, 1u);
}

CAF_TEST(brokers that are away are told and the last figures stay) {
  auto listener = listen();
  take(*listener);
  log->problem = failure{ec::unavailable, "away", {}};

  pass(1s);

  const auto told = data_of(take(*listener), "pipeline");
  CAF_REQUIRE_EQUAL(told.size(), 1u);
  CAF_CHECK_EQUAL(std::string(told[0].at("kafka").as_string()), "unreachable");
  CAF_CHECK_EQUAL(told[0].at("partitions").at(0).at("log_end").as_int64(), 10);
}

CAF_TEST(brokers that do not answer do not silence the feed) {
  auto listener = listen();
  setup.log->set(caf::actor_cast<log_watch_actor>(self));
  pass(1s);
  take(*listener);

  pass(1s);

  CAF_CHECK_EQUAL(data_of(take(*listener), "pipeline").size(), 1u);
}

CAF_TEST(a database that is away is told at once) {
  auto listener = listen();
  take(*listener);

  self->send(uut, listening_changed{false});
  settle();

  const auto told = data_of(take(*listener), "pipeline");
  CAF_REQUIRE_EQUAL(told.size(), 1u);
  CAF_CHECK_EQUAL(std::string(told[0].at("database").as_string()), "unreachable");
}

CAF_TEST(commits and reports of other topics and groups are passed over) {
  auto listener = listen();
  take(*listener);
  auto other = sample_handler;
  other.group = "others";
  stored->add(make_sample_review(0), 0, 0);
  hear(make_payload(make_sample_batch(0, 1), 1, other), heard_notice::topic::commit);
  auto report = make_report("host:8", {0});
  report.topic = "others";
  hear(to_payloads(report)[0], heard_notice::topic::consumer);
  hear("nonsense", heard_notice::topic::consumer);

  pass(1s);

  const auto told = take(*listener);
  CAF_CHECK(data_of(told, "review").empty());
  CAF_CHECK(data_of(told, "pipeline").at(0).at("consumers").as_array().empty());
}

CAF_TEST(after the last listener has left rows are read on for a while and then all rests) {
  auto listener = listen();
  listener.reset();
  store(0, 1);
  pass(1s);
  CAF_CHECK_EQUAL(ring->events(), 1u);
  const auto looks = log->looks;
  for (int i = 0; i < 28; ++i)
    pass(1s);
  CAF_CHECK_EQUAL(ring->events(), 1u);
  CAF_CHECK_EQUAL(log->looks, looks);

  for (int i = 0; i < 3; ++i)
    pass(1s);

  CAF_CHECK_EQUAL(ring->events(), 0u);
  CAF_CHECK_EQUAL(log->sources, 0u);
  const auto calls = stored->calls;
  store(1, 1);
  pass(5s);
  CAF_CHECK_EQUAL(stored->calls, calls);
}

CAF_TEST(a read that ends after all rests adds nothing) {
  const auto reads = setup.readers->at(0);
  auto listener = listen();
  listener.reset();
  for (int i = 0; i < 29; ++i)
    pass(1s);
  setup.readers->address(0)->set(caf::actor_cast<reader_actor>(self));
  store(0, 1);
  for (int i = 0; i < 3; ++i)
    pass(1s);

  self->receive([this](read_reviews&) { return reviews_read{stored->reviews}; });
  settle();

  CAF_CHECK_EQUAL(ring->events(), 0u);
  setup.readers->address(0)->set(reads);
}

CAF_TEST(who comes back in time goes on where it was) {
  auto listener = listen();
  store(0, 1);
  listener.reset();
  pass(5s);
  store(1, 2);
  pass(1s);

  listener = listen(event_id{0, 0});

  const auto told = take(*listener);
  CAF_CHECK(offsets(data_of(told, "review")) == (std::vector<std::int64_t>{1, 2}));
  CAF_CHECK_EQUAL(data_of(told, "pipeline").size(), 1u); // and no old one
}

CAF_TEST(listeners of a feed that ended are told by the next one) {
  auto listener = listen();
  take(*listener);
  self->send_exit(uut, caf::exit_reason::kill);
  settle();
  start();

  store(0, 1);

  const auto told = take(*listener);
  CAF_CHECK(offsets(data_of(told, "review")) == std::vector<std::int64_t>{0});
  CAF_CHECK_EQUAL(std::string(data_of(told, "pipeline").at(0).at("kafka").as_string()), "reachable");
}

CAF_TEST(one listener too many is turned away and counted) {
  auto first = listen();
  auto second = listen();

  const auto third = desk.listen({});

  CAF_REQUIRE(!third);
  CAF_CHECK(third.error().code == ec::overloaded);
  CAF_CHECK(shows("reviews_feed_listeners_rejected_total 1"));
  CAF_CHECK(shows("reviews_feed_listeners 2"));
}

CAF_TEST_FIXTURE_SCOPE_END()
