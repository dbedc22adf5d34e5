#define CAF_SUITE producer

#include "kafka/producer.hpp"

#include "kafka/topic_reader.hpp"
#include "tests/kafka/producer_fixture.hpp"

#include "caf/test/unit_test.hpp"

#include <atomic>

using namespace reviews;
using namespace reviews::kafka;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

CAF_TEST_FIXTURE_SCOPE(producer_tests, producer_fixture)

CAF_TEST(records of a key are acknowledged in order with rising offsets) {
  start();

  produce(0, 500);

  CAF_REQUIRE(await(500));
  for (std::uint64_t i = 0; i < 500; ++i) {
    CAF_REQUIRE(deliveries[i].result);
    CAF_CHECK_EQUAL(deliveries[i].token, i);
    CAF_CHECK_EQUAL(deliveries[i].result->offset, static_cast<std::int64_t>(i));
    CAF_CHECK_EQUAL(deliveries[i].result->partition, 0);
  }
}

CAF_TEST(key and value arrive as they were) {
  start();
  CAF_REQUIRE(uut->produce(make_record("vendor", "value"), 1));
  CAF_REQUIRE(uut->produce(record{std::nullopt, std::nullopt, {}}, 2));
  CAF_REQUIRE(await(2));

  std::vector<std::pair<std::optional<std::string>, std::optional<std::string>>> seen;
  const auto count = read_topic(
      params, params.topic, [&](const topic_record& r) { seen.emplace_back(r.key, r.value); }, 10s);

  CAF_REQUIRE(count);
  CAF_REQUIRE_EQUAL(seen.size(), 2u);
  CAF_CHECK(seen[0].first == "vendor" && seen[0].second == "value");
  CAF_CHECK(!seen[1].first && !seen[1].second);
}

CAF_TEST(a burst wakes its owner and a quiet client does not ) {
  start();
  std::atomic<int> wakes = 0;
  uut->on_deliveries([&] { ++wakes; });
  CAF_REQUIRE(eventually([&] { return uut->partition_count(5s).has_value(); }));
  CAF_CHECK_EQUAL(wakes, 0);

  produce(0, 100);
  CAF_REQUIRE(eventually([&] { return wakes > 0; }));
  CAF_REQUIRE(await(100));
  const int woken = wakes;

  CAF_CHECK(woken >= 1 && woken < 100);
  produce(100, 1);
  CAF_REQUIRE(eventually([&] { return wakes > woken; }));
}

CAF_TEST(deliveries that wait unread call back only once) {
  start();
  std::atomic<int> wakes = 0;
  uut->on_deliveries([&] { ++wakes; });

  produce(0, 1);
  CAF_REQUIRE(eventually([&] { return wakes == 1; }));
  produce(1, 200);
  auto second = make_producer_factory(params, params.topic)();
  CAF_REQUIRE(second);
  CAF_REQUIRE((*second)->produce(make_record("vendor", "later"), 0));
  std::vector<delivery> later;
  CAF_REQUIRE(eventually([&] {
    (*second)->take_deliveries(later);
    return later.size() == 1;
  }));

  CAF_CHECK_EQUAL(wakes, 1);
  CAF_REQUIRE(await(201));
}

CAF_TEST(a callback set late hears of what waits already) {
  start();
  std::atomic<int> wakes = 0;
  produce(0, 1);
  CAF_REQUIRE(eventually([&] {
    uut->on_deliveries([&] { ++wakes; });
    return wakes > 0;
  }));
  uut->on_deliveries({});
  const int woken = wakes;

  CAF_REQUIRE(await(1));
  produce(1, 1);
  CAF_REQUIRE(await(2));

  CAF_CHECK_EQUAL(wakes, woken);
}

CAF_TEST(a full local queue is overloaded and later takes more) {
  params.producer["queue.buffering.max.messages"] = "10";
  params.producer["linger.ms"] = "200";
  start();

  produce(0, 10);
  const auto eleventh = uut->produce(make_record("vendor", "x"), 10);

  CAF_REQUIRE(!eleventh);
  CAF_CHECK(eleventh.error().code == ec::overloaded);
  CAF_REQUIRE(await(10));
  produce(11, 1);
  CAF_REQUIRE(await(11));
  CAF_CHECK_EQUAL(deliveries.back().token, 11u);
}

CAF_TEST(destruction with records under way is quick and calls nobody) {
  start();
  produce(0, 1);
  CAF_REQUIRE(await(1));
  cluster.set_rtt(60s);
  produce(1, 1000);
  std::atomic<int> wakes = 0;
  uut->on_deliveries([&] { ++wakes; });
  const int woken = wakes;
  const auto began = steady::now();

  uut.reset();

  CAF_CHECK(steady::now() - began < 3s);
  CAF_CHECK_EQUAL(wakes, woken);
}

CAF_TEST(the number of partitions is known or the topic refused) {
  start(6);
  CAF_CHECK_EQUAL(uut->partition_count(5s).value(), 6);

  cluster.set_topic_error(params.topic, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
  const auto forbidden = uut->partition_count(5s);
  cluster.set_topic_error(params.topic, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
  const auto missing = uut->partition_count(500ms);
  cluster.set_down();
  const auto out_of_reach = uut->partition_count(500ms);

  CAF_REQUIRE(!forbidden);
  CAF_CHECK(forbidden.error().code == ec::refused);
  CAF_REQUIRE(!missing);
  CAF_CHECK(missing.error().code == ec::refused);
  CAF_REQUIRE(!out_of_reach);
  CAF_CHECK(out_of_reach.error().code == ec::unavailable);
}

CAF_TEST(keys go where every Kafka client puts them) {
  start(6);
  // Java's DefaultPartitioner: toPositive(murmur2(key)) % 6.
  CAF_REQUIRE(uut->produce(make_record("21", "x"), 0));
  CAF_REQUIRE(uut->produce(make_record("foobar", "x"), 1));

  CAF_REQUIRE(await(2));

  for (const auto& d : deliveries) {
    CAF_REQUIRE(d.result);
    // murmur2("21") = -973932308, murmur2("foobar") = -790332482 (Kafka's UtilsTest).
    const std::int64_t hash = d.token == 0 ? -973932308 : -790332482;
    CAF_CHECK_EQUAL(d.result->partition, static_cast<std::int32_t>((hash & 0x7fffffff) % 6));
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
