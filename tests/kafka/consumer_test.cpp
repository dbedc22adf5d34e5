#define CAF_SUITE consumer

#include "kafka/consumer.hpp"

#include "tests/kafka/group_fixture.hpp"

#include "caf/test/unit_test.hpp"

#include <atomic>

using namespace reviews;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(consumer_tests, group_fixture)

CAF_TEST(a lone member is assigned all and its records come in order) {
  fill(500);
  member uut(params);
  std::atomic<int> wakes = 0;
  uut.client->on_events([&] { ++wakes; });
  CAF_REQUIRE(uut.await_assigned(2));
  CAF_CHECK(wakes > 0);

  pulls seen;
  auto queue = uut.start(filled);
  CAF_REQUIRE(seen.await(*queue, 500));

  for (std::int64_t i = 0; i < 500; ++i)
    CAF_REQUIRE_EQUAL(seen.offsets[i], i);
  CAF_CHECK_EQUAL(seen.values[499], "499");
  CAF_CHECK_EQUAL(queue->end_offset(), 500);
}

CAF_TEST(a second member gets half and nothing before it is released) {
  fill(10);
  member first(params);
  CAF_REQUIRE(first.await_assigned(2));
  auto queue_0 = first.start(0);
  auto queue_1 = first.start(1);
  member second(params);

  CAF_REQUIRE(eventually([&] {
    first.turn();
    second.turn();
    return !first.revoked.empty();
  }));
  CAF_REQUIRE_EQUAL(first.revoked.size(), 1u);
  CAF_CHECK(!first.was_lost);
  const auto moved = first.revoked.front();
  first.client->stop(moved); // must not confirm the revocation by itself
  CAF_CHECK(!first.client->start(moved, 0));
  CAF_CHECK(!eventually(
      [&] {
        first.turn();
        second.turn();
        return !second.assigned.empty();
      },
      1500ms));
  first.release();

  CAF_REQUIRE(eventually([&] {
    first.turn();
    second.turn();
    return !second.assigned.empty();
  }));
  CAF_CHECK_EQUAL(second.assigned, std::set<std::int32_t>{moved});
  CAF_CHECK_EQUAL(first.assigned, std::set<std::int32_t>{1 - moved});
  pulls seen;
  if (moved == filled) {
    auto queue = second.start(moved);
    CAF_CHECK(seen.await(*queue, 10));
  } else {
    CAF_CHECK(seen.await(filled == 0 ? *queue_0 : *queue_1, 10));
  }
}

CAF_TEST(a member that leaves hands its partitions over at once) {
  member first(params);
  CAF_REQUIRE(first.await_assigned(2));
  first.start(0);
  first.start(1);
  member second(params);
  const auto began = std::chrono::steady_clock::now();

  first.client->close(3s);
  CAF_CHECK(std::chrono::steady_clock::now() - began < 3s);

  CAF_CHECK(second.await_assigned(2));
}

CAF_TEST(a partition of somebody else does not start) {
  member uut(params);
  CAF_REQUIRE(uut.await_assigned(2));

  const auto result = uut.client->start(7, 0);

  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::unavailable);
}

CAF_TEST(a broker that returns goes on where it broke off) {
  fill(50);
  member uut(params);
  CAF_REQUIRE(uut.await_assigned(2));
  pulls seen;
  auto queue = uut.start(filled);
  CAF_REQUIRE(seen.await(*queue, 50));

  cluster.set_down();
  CAF_REQUIRE(eventually([&] {
    uut.turn();
    return !uut.problems.empty();
  }));
  CAF_CHECK(uut.problems.front().code == ec::unavailable);
  cluster.set_up();
  fill(50);

  CAF_REQUIRE(eventually([&] {
    uut.turn();
    if (!uut.revoked.empty())
      uut.release();
    seen.from(*queue);
    return seen.offsets.size() >= 100 || uut.assigned.empty();
  }));
  for (std::size_t i = 0; i < seen.offsets.size(); ++i)
    CAF_REQUIRE_EQUAL(seen.offsets[i], static_cast<std::int64_t>(i));
}

CAF_TEST(range and partition count are asked from the broker) {
  fill(10);
  member uut(params);

  const auto range = uut.client->range_of(filled, 5s);
  const auto count = uut.client->partition_count(5s);
  cluster.set_topic_error(params.topic, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
  const auto missing = uut.client->partition_count(500ms);

  CAF_REQUIRE(range);
  CAF_CHECK_EQUAL(range->begin, 0);
  CAF_CHECK_EQUAL(range->end, 10);
  CAF_REQUIRE(count);
  CAF_CHECK_EQUAL(*count, 2);
  CAF_REQUIRE(!missing);
  CAF_CHECK(missing.error().code == ec::refused);
}

CAF_TEST(a failed commit is harmless) {
  fill(10);
  member uut(params);
  CAF_REQUIRE(uut.await_assigned(2));
  cluster.fail_next(api::offset_commit, {RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED});

  uut.client->commit({{filled, 10}});
  uut.client->commit({{filled, 10}});

  pulls seen;
  auto queue = uut.start(filled);
  CAF_CHECK(seen.await(*queue, 10));
}

CAF_TEST(a fenced member is built anew once and refused when it is fenced again) {
  params.group_instance_id = "one";
  const auto make_client = kafka::make_consumer_factory(params);
  std::vector<ec> codes;

  for (int incarnation = 0; incarnation < 2; ++incarnation) {
    member uut(make_client);
    CAF_REQUIRE(uut.await_assigned(2));
    cluster.fail_next(api::heartbeat, {RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID});
    CAF_REQUIRE(eventually([&] {
      uut.turn();
      return !uut.problems.empty();
    }));
    codes.push_back(uut.problems.front().code);
    cluster.heal(api::heartbeat);
  }

  CAF_CHECK(codes == (std::vector{ec::broken, ec::refused}));
}

CAF_TEST(a closed client is inert) {
  member uut(params);
  CAF_REQUIRE(uut.await_assigned(2));

  uut.client->close(3s);

  uut.client->close(3s);
  uut.client->commit({{0, 1}});
  uut.client->stop(0);
  uut.client->release({0, 1});
  CAF_CHECK(uut.client->take_events().empty());
  CAF_CHECK(!uut.client->start(0, 0));
  CAF_CHECK(uut.client->range_of(0, 1s).error().code == ec::shutting_down);
}

CAF_TEST_FIXTURE_SCOPE_END()
