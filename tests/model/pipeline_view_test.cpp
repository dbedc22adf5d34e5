#define CAF_SUITE pipeline_view

#include "actors/model/pipeline_view.hpp"

#include "tests/fixtures/commit_samples.hpp"

#include <boost/json/parse.hpp>

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace std::chrono_literals;

namespace {

struct fixture {
  fixture() {
    uut.database_changed(true, now);
    uut.log_seen({{0, 10, 1, {1, 2}, {1}}, {5, 20, 2, {2, 1}, {2, 1}}}, now);
  }

  boost::json::value shown() {
    return boost::json::parse(
        uut.to_json(timestamp{std::chrono::microseconds(1'795'368'504'000'123)}, 2, now));
  }
  boost::json::value partition(std::size_t index) { return shown().at("partitions").at(index); }
  static std::string text(const boost::json::value& of, const char* name) {
    const auto& found = of.at(name);
    return found.is_null() ? "null" : std::string(found.as_string());
  }
  // A value: `CAF_CHECK_EQUAL` keeps a reference beyond the life of a temporary.
  static std::int64_t number(const boost::json::value& of, const char* name) {
    return of.at(name).as_int64();
  }
  double rate(const char* name) { return shown().at("rates").at(name).to_number<double>(); }

  commit_notice notice(int first, int count, std::int32_t partition = 0) {
    return parse_commit_notice(make_payload(make_sample_batch(first, count, partition))).value();
  }

  pipeline_view::time_point now{1h};
  pipeline_view uut{"reviews.v1", "reviews-writer"};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(pipeline_view_tests, fixture)

CAF_TEST(partitions that nobody has are unassigned and stored from where the log begins) {
  const auto all = shown();

  CAF_CHECK_EQUAL(text(all, "at"), "2026-11-22T17:28:24.000123Z");
  CAF_CHECK_EQUAL(text(all, "topic"), "reviews.v1");
  CAF_CHECK_EQUAL(text(all, "group"), "reviews-writer");
  CAF_CHECK_EQUAL(text(all, "kafka"), "reachable");
  CAF_CHECK_EQUAL(text(all, "database"), "reachable");
  CAF_CHECK_EQUAL(number(all, "listeners"), 2);
  CAF_CHECK(all.at("consumers").as_array().empty());
  CAF_REQUIRE_EQUAL(all.at("partitions").as_array().size(), 2u);
  const auto second = partition(1);
  CAF_CHECK_EQUAL(number(second, "partition"), 1);
  CAF_CHECK_EQUAL(number(second, "log_start"), 5);
  CAF_CHECK_EQUAL(number(second, "log_end"), 20);
  CAF_CHECK_EQUAL(number(second, "stored"), 5);
  CAF_CHECK_EQUAL(number(second, "lag"), 15);
  CAF_CHECK_EQUAL(number(second, "leader"), 2);
  CAF_CHECK_EQUAL(second.at("replicas").as_array().size(), 2u);
  CAF_CHECK_EQUAL(partition(0).at("in_sync").as_array().size(), 1u);
  CAF_CHECK_EQUAL(text(second, "consumer"), "null");
  CAF_CHECK_EQUAL(text(second, "actor"), "null");
  CAF_CHECK_EQUAL(text(second, "state"), "unassigned");
  CAF_CHECK_EQUAL(text(second, "reason"), "");
}

CAF_TEST(a report tells who has a partition and how it fares) {
  auto report = make_report("host:7", {0, 1});
  report.rebalances = 3;
  report.partitions[1].state = partition_state::paused;
  report.partitions[1].reason = "unavailable";
  report.partitions[1].actor = "";
  uut.reported(report, now);

  CAF_CHECK_EQUAL(text(partition(0), "consumer"), "host:7");
  CAF_CHECK_EQUAL(text(partition(0), "actor"), "consumer-0");
  CAF_CHECK_EQUAL(text(partition(0), "state"), "running");
  CAF_CHECK_EQUAL(text(partition(1), "actor"), "null");
  CAF_CHECK_EQUAL(text(partition(1), "state"), "paused");
  CAF_CHECK_EQUAL(text(partition(1), "reason"), "unavailable");
  const auto consumer = shown().at("consumers").at(0);
  CAF_CHECK_EQUAL(text(consumer, "consumer"), "host:7");
  CAF_CHECK_EQUAL(number(consumer, "rebalances"), 3);
  CAF_CHECK_EQUAL(consumer.at("partitions").as_array().size(), 2u);
}

CAF_TEST(parts of one report add up and the next report replaces them) {
  auto first = make_report("host:7", {0});
  auto second = make_report("host:7", {1});
  second.at = first.at;
  uut.reported(first, now);
  uut.reported(second, now);
  CAF_CHECK_EQUAL(text(partition(0), "consumer"), "host:7");
  CAF_CHECK_EQUAL(text(partition(1), "consumer"), "host:7");

  auto next = make_report("host:7", {1});
  next.at = first.at + 1s;
  uut.reported(next, now);

  CAF_CHECK_EQUAL(text(partition(0), "state"), "unassigned");
  CAF_CHECK_EQUAL(text(partition(1), "state"), "running");
}

CAF_TEST(a consumer that falls silent is gone after four seconds) {
  uut.reported(make_report("host:7", {0}), now);
  now += 4s;
  CAF_CHECK_EQUAL(text(partition(0), "state"), "running");

  now += 1ms;

  CAF_CHECK_EQUAL(text(partition(0), "state"), "unassigned");
  CAF_CHECK(shown().at("consumers").as_array().empty());
}

CAF_TEST(a commit of a consumer shows that it is alive) {
  uut.reported(make_report("host:7", {0}), now);
  now += 3s;
  uut.stored(notice(0, 1), now);
  now += 3s;

  CAF_CHECK_EQUAL(text(partition(0), "state"), "running");
}

CAF_TEST(while the database is away consumers stay and have their time again afterwards) {
  uut.reported(make_report("host:7", {0}), now);
  uut.database_changed(false, now);
  now += 60s;
  CAF_CHECK_EQUAL(text(shown(), "database"), "unreachable");
  CAF_CHECK_EQUAL(text(partition(0), "state"), "running");

  uut.database_changed(true, now);

  now += 4s;
  CAF_CHECK_EQUAL(text(partition(0), "state"), "running");
  now += 1ms;
  CAF_CHECK_EQUAL(text(partition(0), "state"), "unassigned");
}

CAF_TEST(a consumer given up shortly before the database is known to be away is back) {
  uut.reported(make_report("host:7", {0}), now);
  now += 5s;
  CAF_CHECK_EQUAL(text(partition(0), "state"), "unassigned");

  uut.database_changed(false, now);

  CAF_CHECK_EQUAL(text(partition(0), "state"), "running");
  CAF_CHECK_EQUAL(shown().at("consumers").as_array().size(), 1u);
  now += 60s;
  CAF_CHECK_EQUAL(text(partition(0), "state"), "running");
}

CAF_TEST(a consumer gone long before the database stays gone) {
  uut.reported(make_report("host:7", {0}), now);
  now += 8001ms;
  CAF_CHECK_EQUAL(text(partition(0), "state"), "unassigned");

  uut.database_changed(false, now);

  CAF_CHECK_EQUAL(text(partition(0), "state"), "unassigned");
}

CAF_TEST(a report that was overtaken changes nothing unless the clock was set back) {
  auto late = make_report("host:7", {0});
  auto newer = make_report("host:7", {1});
  newer.at = late.at + 5s;
  uut.reported(newer, now);
  uut.reported(late, now);
  CAF_CHECK_EQUAL(text(partition(0), "state"), "unassigned");
  CAF_CHECK_EQUAL(text(partition(1), "state"), "running");

  late.at = newer.at - 1h;
  uut.reported(late, now);

  CAF_CHECK_EQUAL(text(partition(0), "state"), "running");
  CAF_CHECK_EQUAL(text(partition(1), "state"), "unassigned");
}

CAF_TEST(the newest report decides whose a partition is) {
  auto old = make_report("a", {0});
  auto moved = make_report("b", {0});
  moved.at = old.at + 10ms;
  uut.reported(moved, now);
  uut.reported(old, now);

  CAF_CHECK_EQUAL(text(partition(0), "consumer"), "b");
}

CAF_TEST(a commit moves what is stored and shrinks the lag) {
  uut.stored(notice(0, 4), now);

  CAF_CHECK_EQUAL(number(partition(0), "stored"), 4);
  CAF_CHECK_EQUAL(number(partition(0), "lag"), 6);
  uut.stored(notice(4, 9), now);
  CAF_CHECK_EQUAL(number(partition(0), "lag"), 0); // the look at the log is older
}

CAF_TEST(offsets that were read count unless a commit was heard since they were asked for) {
  uut.offsets_read({{0, 3}, {1, 8}}, now);
  CAF_CHECK_EQUAL(number(partition(0), "stored"), 3);
  CAF_CHECK_EQUAL(number(partition(1), "stored"), 8);
  const auto asked_at = now;
  now += 10ms;
  uut.stored(notice(3, 2), now);

  uut.offsets_read({{0, 3}, {1, 6}}, asked_at);

  CAF_CHECK_EQUAL(number(partition(0), "stored"), 5);
  CAF_CHECK_EQUAL(number(partition(1), "stored"), 6); // moved back by hand
}

CAF_TEST(brokers that are away leave the last figures) {
  uut.log_lost();

  CAF_CHECK_EQUAL(text(shown(), "kafka"), "unreachable");
  CAF_CHECK_EQUAL(number(partition(0), "log_end"), 10);
}

CAF_TEST(rates are those of the last seconds) {
  shown();
  now += 1s;
  uut.stored(notice(0, 12), now);
  uut.log_seen({{0, 20, 1, {}, {}}, {5, 34, 1, {}, {}}}, now);

  CAF_CHECK_EQUAL(rate("stored_per_second"), 12.0);
  CAF_CHECK_EQUAL(rate("published_per_second"), 24.0);
  for (int i = 0; i < 5; ++i) {
    now += 1s;
    uut.log_seen({{0, 20, 1, {}, {}}, {5, 34, 1, {}, {}}}, now);
    shown();
  }
  CAF_CHECK_EQUAL(rate("stored_per_second"), 0.0);
  CAF_CHECK_EQUAL(rate("published_per_second"), 0.0);
}

CAF_TEST(before anything is known there are no partitions) {
  pipeline_view fresh{"reviews.v1", "reviews-writer"};

  const auto all = boost::json::parse(fresh.to_json(now_utc(), 0, now));

  CAF_CHECK_EQUAL(text(all, "kafka"), "unreachable");
  CAF_CHECK_EQUAL(text(all, "database"), "unreachable");
  CAF_CHECK(all.at("partitions").as_array().empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
