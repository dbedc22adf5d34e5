#define CAF_SUITE topic_reader

#include "kafka/topic_reader.hpp"

#include "kafka/client_config.hpp"
#include "kafka/metadata.hpp"
#include "kafka/producer.hpp"
#include "kafka/topics.hpp"
#include "tests/kafka/mock_cluster.hpp"

#include "caf/test/unit_test.hpp"

#include <map>
#include <thread>

using namespace reviews;
using namespace reviews::kafka;
using namespace std::chrono_literals;

namespace {

struct fixture {
  mock_cluster cluster;
  kafka_params params = cluster.params();

  fixture() { cluster.create_topic(params.topic, 4); }

  void fill(std::size_t count) {
    auto producer = make_producer_factory(params, params.topic)();
    if (!producer)
      CAF_FAIL(producer.error().detail);
    for (std::size_t i = 0; i < count; ++i)
      CAF_REQUIRE((*producer)->produce(
          record{"vendor-" + std::to_string(i % 50), std::to_string(i), {{"a", "b"}}}, i));
    std::vector<delivery> deliveries;
    CAF_REQUIRE(eventually([&] {
      (*producer)->take_deliveries(deliveries);
      return deliveries.size() == count;
    }));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(topic_reader_tests, fixture)

CAF_TEST(every record of every partition is visited once and in order) {
  fill(5000);
  std::map<std::int32_t, std::int64_t> next;
  std::map<std::string, int> values;

  const auto count = read_topic(
      params, params.topic,
      [&](const topic_record& r) {
        CAF_REQUIRE_EQUAL(r.offset, next[r.partition]);
        ++next[r.partition];
        ++values[std::string(r.value.value())];
      },
      10s);

  CAF_REQUIRE(count);
  CAF_CHECK_EQUAL(*count, 5000u);
  CAF_CHECK_EQUAL(values.size(), 5000u);
  CAF_CHECK(next.size() > 1);
}

CAF_TEST(an empty topic is read at once) {
  const auto count = read_topic(
      params, params.topic, [](const topic_record&) {}, 10s);

  CAF_REQUIRE(count);
  CAF_CHECK_EQUAL(*count, 0u);
}

CAF_TEST(what is written during the walk is left out) {
  fill(100);
  std::size_t visited = 0;

  const auto count = read_topic(
      params, params.topic,
      [&](const topic_record&) {
        if (++visited == 1)
          fill(100);
      },
      10s);

  CAF_REQUIRE(count);
  CAF_CHECK_EQUAL(*count, 100u);
}

CAF_TEST(a part of each partition is read with headers and time) {
  fill(200);
  auto ranges = ranges_of(params, params.topic, 5s).value();
  const auto whole = ranges[1];
  CAF_REQUIRE(whole.end > 10);
  ranges = {{0, 0}, {5, whole.end}};
  std::vector<std::int64_t> offsets;

  const auto count = read_ranges(
      params, params.topic, ranges,
      [&](const topic_record& r) {
        CAF_CHECK_EQUAL(r.partition, 1);
        CAF_CHECK(r.written_at > now_utc() - 1min);
        CAF_CHECK_EQUAL(r.whole->copy().headers.size(), 1u);
        offsets.push_back(r.offset);
        return r.offset < 7;
      },
      10s);

  CAF_REQUIRE(count);
  CAF_CHECK((offsets == std::vector<std::int64_t>{5, 6, 7}));
}

CAF_TEST(a topic that is not there is refused) {
  cluster.set_topic_error(params.topic, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);

  const auto count = read_topic(
      params, params.topic, [](const topic_record&) {}, 500ms);

  CAF_REQUIRE(!count);
  CAF_CHECK(count.error().code == ec::refused);
}

CAF_TEST(a broker that goes away during the walk makes it unavailable) {
  for (int i = 0; i < 4; ++i)
    fill(200); // several batches a partition: no fetch brings all
  params.consumer["fetch.message.max.bytes"] = "1024";
  params.consumer["queued.min.messages"] = "1";
  bool is_down = false;

  const auto count = read_topic(
      params, params.topic,
      [&](const topic_record&) {
        if (!is_down)
          cluster.set_down();
        is_down = true;
      },
      700ms);

  CAF_CHECK(is_down);
  CAF_REQUIRE(!count);
  CAF_CHECK(count.error().code == ec::unavailable);
}

CAF_TEST(a topic that brokers do not know yet is asked for its range again) {
  auto client = make_client(params, role::admin, 0);
  CAF_REQUIRE(client);
  cluster.set_topic_error(params.topic, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
  std::thread becomes_known([this] {
    std::this_thread::sleep_for(300ms);
    cluster.set_topic_error(params.topic, RD_KAFKA_RESP_ERR_NO_ERROR);
  });

  const auto range = range_of(client->get(), params.topic, 0, 10s);
  becomes_known.join();

  if (!range)
    CAF_FAIL(range.error().detail);
}

CAF_TEST(ranges tell begin and end of each partition) {
  fill(200);

  const auto ranges = ranges_of(params, params.topic, 5s);

  CAF_REQUIRE(ranges);
  CAF_REQUIRE_EQUAL(ranges->size(), 4u);
  std::int64_t sum = 0;
  for (const auto& range : *ranges) {
    CAF_CHECK_EQUAL(range.begin, 0);
    sum += range.end;
  }
  CAF_CHECK_EQUAL(sum, 200);
}

CAF_TEST(a topic is not created where nobody answers) {
  cluster.set_down();

  const auto result = ensure_topic(params, {"reviews.v2", 3, 1, {}}, 500ms);

  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::unavailable);
}

CAF_TEST(a topic without partitions is invalid) {
  const auto result = ensure_topic(params, {"reviews.v2", 0, 1, {}}, 500ms);

  CAF_REQUIRE(!result);
  CAF_CHECK(result.error().code == ec::invalid);
}

CAF_TEST_FIXTURE_SCOPE_END()
