#define CAF_SUITE producer_faults

#include "kafka/producer.hpp"

#include "tests/kafka/producer_fixture.hpp"

#include "caf/test/unit_test.hpp"

#include <atomic>

using namespace reviews;
using namespace reviews::kafka;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

CAF_TEST_FIXTURE_SCOPE(producer_faults_tests, producer_fixture)

CAF_TEST(a moved leader is retried until it succeeds) {
  start();
  cluster.fail_next(api::produce,
                    {RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION});

  produce(0, 3);

  CAF_REQUIRE(await(3));
  CAF_CHECK_EQUAL(codes(), std::set<std::string>{"receipt"});
  CAF_CHECK_EQUAL(deliveries[2].result->offset, 2);
}

CAF_TEST(a record that the broker finds too large is invalid) {
  start();
  cluster.fail_next(api::produce, {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE});

  produce(0, 1);

  CAF_REQUIRE(await(1));
  CAF_CHECK_EQUAL(codes(), std::set<std::string>{"invalid"});
}

CAF_TEST(a record larger than message.max.bytes is invalid at once) {
  start();

  const auto result = uut->produce(make_record("vendor", std::string(2'000'000, 'x')), 7);

  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::invalid);
  produce(8, 1);
  CAF_REQUIRE(await(1));
  CAF_CHECK_EQUAL(deliveries.front().token, 8u);
}

CAF_TEST(missing rights are refused) {
  start();
  cluster.fail_next(api::produce, {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED});

  produce(0, 1);

  CAF_REQUIRE(await(1));
  CAF_CHECK_EQUAL(codes(), std::set<std::string>{"refused"});
}

CAF_TEST(a broker out of reach makes records unavailable) {
  params.producer["message.timeout.ms"] = "600";
  params.producer["request.timeout.ms"] = "500";
  start();
  cluster.set_down();

  produce(0, 5);

  CAF_REQUIRE(await(5));
  CAF_CHECK_EQUAL(codes(), std::set<std::string>{"unavailable"});
}

CAF_TEST(records sent and never answered have an unknown outcome) {
  params.producer["message.timeout.ms"] = "1000";
  params.producer["request.timeout.ms"] = "900";
  start();
  produce(0, 1);
  CAF_REQUIRE(await(1));
  cluster.set_rtt(60s);

  produce(1, 1);

  CAF_REQUIRE(await(2));
  CAF_REQUIRE(!deliveries[1].result);
  CAF_CHECK(deliveries[1].result.error().code == ec::outcome_unknown);
}

CAF_TEST(a retry that the broker knew already has no offset and an unknown outcome) {
  start();
  produce(0, 1);
  CAF_REQUIRE(await(1));
  cluster.fail_next(api::produce, {RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER});

  produce(1, 1);

  CAF_REQUIRE(await(2));
  CAF_REQUIRE(!deliveries[1].result);
  CAF_CHECK(deliveries[1].result.error().code == ec::outcome_unknown);
}

CAF_TEST(a broker that returns takes what waited for it) {
  start();
  produce(0, 1);
  CAF_REQUIRE(await(1));
  cluster.set_down();
  produce(1, 10);
  uut->take_deliveries(deliveries);
  CAF_CHECK_EQUAL(deliveries.size(), 1u);

  const auto returned_at = steady::now();
  cluster.set_up();

  CAF_REQUIRE(await(11));
  CAF_CHECK_EQUAL(codes(), std::set<std::string>{"receipt"});
  CAF_CHECK(steady::now() - returned_at < 4s);
}

CAF_TEST(a fatal error breaks the client and answers all that was under way) {
  start();
  produce(0, 1);
  CAF_REQUIRE(await(1));
  cluster.fail_next(api::produce, {RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER});
  std::atomic<int> wakes = 0;
  uut->on_deliveries([&] { ++wakes; });

  std::size_t taken = 0;
  for (std::uint64_t token = 1; token <= 20; ++token) { // the first may break it before the last
    const auto accepted = uut->produce(make_record("vendor", "x"), token);
    if (accepted)
      ++taken;
    else
      CAF_CHECK(accepted.error().code == ec::broken);
  }
  CAF_CHECK(taken > 0);

  CAF_REQUIRE(eventually([&] { return wakes > 0; }));
  CAF_REQUIRE(await(1 + taken));
  std::size_t failed = 0;
  for (const auto& each : deliveries) { // a request sent beside the failed one may have succeeded
    if (each.result)
      continue;
    ++failed;
    const auto code = each.result.error().code;
    CAF_CHECK(code == ec::outcome_unknown || code == ec::broken);
  }
  CAF_CHECK(failed > 0);
  const auto next = uut->produce(make_record("vendor", "x"), 99);
  CAF_REQUIRE(!next);
  CAF_CHECK(next.error().code == ec::broken);
}

CAF_TEST_FIXTURE_SCOPE_END()
