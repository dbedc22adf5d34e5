#define CAF_SUITE commit_listener

#include "db/pg_commit_listener.hpp"

#include "actors/model/commit_notice.hpp"
#include "actors/model/consumer_report.hpp"
#include "actors/model/pipeline_view.hpp"
#include "db/pg_review_store.hpp"

#include "tests/db/review_rows.hpp"
#include "tests/fixtures/postgres.hpp"

#include "caf/test/unit_test.hpp"

#include <csignal>
#include <future>
#include <thread>

using namespace reviews;
using namespace reviews::test;
using namespace std::chrono_literals;

namespace {

const batch_handler handler{"topic", "group", "host:7", "consumer-0", "writer-0"};

review_batch told_batch(std::optional<std::int64_t> from, std::vector<test_row> rows,
                        std::int32_t partition = 0) {
  auto batch = batch_of(from, std::move(rows), partition);
  batch.notice = begin_commit_notice(batch, handler);
  return batch;
}

/// What is heard until there are `count` notices, or for 10 s.
std::vector<heard_notice> hear(commit_listener& from, std::size_t count) {
  std::vector<heard_notice> all;
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (all.size() < count && std::chrono::steady_clock::now() < deadline) {
    auto got = from.wait(50ms);
    CAF_REQUIRE(got);
    std::move(got->begin(), got->end(), std::back_inserter(all));
  }
  return all;
}

/// Nothing has been told: a notice of the test's own is the next one.
void check_silent(commit_listener& of, const test_database& database) {
  database.sql("notify reviews_stored, 'mark'");
  const auto next = hear(of, 1);
  CAF_REQUIRE_EQUAL(next.size(), 1u);
  CAF_CHECK_EQUAL(next[0].payload, "mark");
}

struct fixture {
  fixture() { CAF_REQUIRE(uut->listen()); }

  test_database database;
  review_store_ptr store = make_review_store_factory(database.params(), "group", "topic")();
  commit_listener_ptr uut = make_commit_listener_factory(database.params())();
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(commit_listener_tests, fixture)

CAF_TEST(a committed batch is told with the count of its new rows) {
  const auto counts = store->store(told_batch(std::nullopt, {row_of(1, 0), row_of(2, 0)}));
  CAF_REQUIRE(counts);
  CAF_CHECK(!counts->is_notice_withheld);
  CAF_REQUIRE(store->store(told_batch(2, {row_of(2, 0), row_of(3, 0)})));

  const auto heard = hear(*uut, 2);

  CAF_REQUIRE_EQUAL(heard.size(), 2u);
  CAF_CHECK(heard[0].about == heard_notice::topic::commit);
  CAF_CHECK(now_utc() - heard[0].heard_at < 1min);
  const auto first = parse_commit_notice(heard[0].payload);
  const auto second = parse_commit_notice(heard[1].payload);
  CAF_REQUIRE(first && second);
  CAF_CHECK_EQUAL(first->inserted, 2u);
  CAF_CHECK_EQUAL(first->next_offset, 2);
  CAF_CHECK_EQUAL(second->rows, 2u);
  CAF_CHECK_EQUAL(second->inserted, 1u); // one was stored before
}

CAF_TEST(whoever hears of a review can read it) {
  auto writing = std::async(std::launch::async, [&] {
    std::int64_t next = 0;
    for (; next < 50; ++next)
      if (!store->store(told_batch(next == 0 ? std::nullopt : std::optional(next),
                                   {row_of(static_cast<std::uint64_t>(next + 1), 0)})))
        break;
    return next;
  });

  for (std::size_t heard = 0; heard < 50;) {
    const auto news = hear(*uut, 1);
    CAF_REQUIRE(!news.empty());
    heard += news.size();
    for (const auto& each : news) {
      const auto told = parse_commit_notice(each.payload);
      CAF_REQUIRE(told && told->reviews.size() == 1);
      CAF_CHECK_EQUAL(database.value("select count(*) from reviews where review_id = '" +
                                     to_string(told->reviews[0].id) + "'"),
                      "1");
    }
  }

  CAF_CHECK_EQUAL(writing.get(), 50);
}

CAF_TEST(a batch that is fenced tells nothing) {
  CAF_REQUIRE(store->store(told_batch(std::nullopt, {row_of(1, 0)})));
  CAF_REQUIRE_EQUAL(hear(*uut, 1).size(), 1u);

  const auto fenced = store->store(told_batch(7, {row_of(2, 0)}));

  CAF_REQUIRE(!fenced);
  CAF_CHECK(fenced.error().code == ec::fenced);
  check_silent(*uut, database);
}

CAF_TEST(a batch with a poisoned row tells nothing) {
  auto row = row_of(1, 0);
  row.what.rating = 9;

  const auto poisoned = store->store(told_batch(std::nullopt, {row}));

  CAF_REQUIRE(!poisoned);
  CAF_CHECK(poisoned.error().code == ec::poisoned);
  check_silent(*uut, database);
}

CAF_TEST(a batch without a notice tells nothing) {
  CAF_REQUIRE(store->store(batch_of(std::nullopt, {row_of(1, 0)})));

  check_silent(*uut, database);
}

CAF_TEST(while the queue of notices fills batches are stored and not told) {
  store = make_review_store_factory(database.params(), "group", "topic", 0.0)();

  const auto counts = store->store(told_batch(std::nullopt, {row_of(1, 0)}));
  CAF_REQUIRE(store->report({"one"}));

  CAF_REQUIRE(counts);
  CAF_CHECK_EQUAL(counts->inserted, 1u);
  CAF_CHECK(counts->is_notice_withheld);
  const auto untold = store->store(batch_of(1, {row_of(2, 1)}));
  CAF_REQUIRE(untold);
  CAF_CHECK(!untold->is_notice_withheld); // it had nothing to tell
  check_silent(*uut, database);
}

CAF_TEST(a batch of dead letters alone is told) {
  auto batch = told_batch(std::nullopt, {});
  batch.next_offset = 5;
  batch.notice = begin_commit_notice(batch, handler);
  CAF_REQUIRE(store->store(batch));

  const auto heard = hear(*uut, 1);

  CAF_REQUIRE_EQUAL(heard.size(), 1u);
  const auto told = parse_commit_notice(heard[0].payload);
  CAF_REQUIRE(told);
  CAF_CHECK_EQUAL(told->rows, 0u);
  CAF_CHECK(told->covers(4));
}

CAF_TEST(a batch of the largest size is told within the payload that Postgres takes) {
  std::vector<test_row> rows;
  for (std::uint64_t i = 0; i < 10'000; ++i)
    rows.push_back(row_of(i, 0));
  CAF_REQUIRE(store->store(told_batch(std::nullopt, std::move(rows))));

  const auto heard = hear(*uut, 1);

  CAF_REQUIRE_EQUAL(heard.size(), 1u);
  CAF_CHECK_LESS_OR_EQUAL(heard[0].payload.size(), notice_bytes_max);
  const auto told = parse_commit_notice(heard[0].payload);
  CAF_REQUIRE(told);
  CAF_CHECK_EQUAL(told->inserted, 10'000u);
  CAF_CHECK_EQUAL(told->reviews.back().offset, 9'999);
}

CAF_TEST(all who listen hear the same order from several writers) {
  auto other = make_commit_listener_factory(database.params())();
  CAF_REQUIRE(other->listen());
  std::vector<std::thread> writers;
  for (std::int32_t partition = 0; partition < 3; ++partition)
    writers.emplace_back([&, partition] {
      auto mine = make_review_store_factory(database.params(), "group", "topic")();
      std::optional<std::int64_t> from;
      for (std::uint64_t i = 0; i < 20; ++i) {
        const auto batch =
            told_batch(from, {row_of(1'000 * static_cast<std::uint64_t>(partition) + i, 0)}, partition);
        if (!mine->store(batch))
          return;
        from = batch.next_offset;
      }
    });
  for (auto& each : writers)
    each.join();

  const auto here = hear(*uut, 60);
  const auto there = hear(*other, 60);

  CAF_REQUIRE_EQUAL(here.size(), 60u);
  CAF_REQUIRE_EQUAL(there.size(), 60u);
  for (std::size_t i = 0; i < 60; ++i)
    CAF_CHECK_EQUAL(here[i].payload, there[i].payload);
}

CAF_TEST(a report is heard part by part on a channel of its own) {
  CAF_REQUIRE(store->report({"one", "two"}));

  const auto heard = hear(*uut, 2);

  CAF_REQUIRE_EQUAL(heard.size(), 2u);
  CAF_CHECK(heard[0].about == heard_notice::topic::consumer);
  CAF_CHECK_EQUAL(heard[0].payload, "one");
  CAF_CHECK_EQUAL(heard[1].payload, "two");
}

CAF_TEST(a session that ends is told and another one listens again) {
  database.terminate_sessions();

  auto lost = uut->wait(1s);
  for (int i = 0; i < 10 && lost; ++i)
    lost = uut->wait(1s);

  CAF_REQUIRE(!lost);
  CAF_CHECK(lost.error().code == ec::unavailable);
  CAF_CHECK(!uut->wait(1ms));
  CAF_REQUIRE(uut->listen());
  check_silent(*uut, database);
}

CAF_TEST(a server that says nothing is noticed before its consumers are given up) {
  test_database own(postgres_server::own());
  uut = make_commit_listener_factory(own.params())();
  CAF_REQUIRE(uut->listen());
  const auto backend = static_cast<pid_t>(std::stoi(own.value(
      "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")));
  CAF_REQUIRE_EQUAL(::kill(backend, SIGSTOP), 0);
  const auto began = std::chrono::steady_clock::now();

  auto lost = uut->wait(200ms);
  while (lost && std::chrono::steady_clock::now() - began < 20s)
    lost = uut->wait(200ms);

  const auto took = std::chrono::steady_clock::now() - began;
  ::kill(backend, SIGCONT);
  CAF_REQUIRE(!lost);
  CAF_CHECK(lost.error().code == ec::unavailable);
  CAF_CHECK(took < pipeline_view::consumer_silence_max - 1s);
}

CAF_TEST(a wait in which nothing is told ends in time) {
  const auto began = std::chrono::steady_clock::now();

  const auto heard = uut->wait(100ms);

  CAF_REQUIRE(heard);
  CAF_CHECK(heard->empty());
  const auto took = std::chrono::steady_clock::now() - began;
  CAF_CHECK(took >= 90ms);
  CAF_CHECK(took < 5s);
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(a listener on a server that fell silent ends in time) {
  auto& server = postgres_server::own();
  test_database database(server);
  auto uut = make_commit_listener_factory(database.params())();
  CAF_REQUIRE(uut->listen());
  const auto backend = static_cast<pid_t>(
      std::stoi(database.value("select pid from pg_stat_activity where datname = current_database() and "
                               "application_name = 'reviews'")));
  CAF_REQUIRE_EQUAL(::kill(backend, SIGSTOP), 0);

  auto ending = std::async(std::launch::async, [&] { uut.reset(); });

  CAF_CHECK(ending.wait_for(10s) == std::future_status::ready);
  ::kill(backend, SIGCONT);
}

CAF_TEST(a server out of reach is unavailable) {
  database_params nowhere;
  nowhere.url = "postgresql://localhost:1/none";
  auto uut = make_commit_listener_factory(nowhere)();

  const auto listening = uut->listen();

  CAF_REQUIRE(!listening);
  CAF_CHECK(listening.error().code == ec::unavailable);
}
