#define CAF_SUITE record_writer

#include "kafka/record_writer.hpp"

#include "kafka/topic_reader.hpp"
#include "tests/kafka/mock_cluster.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::kafka;
using namespace std::chrono_literals;

namespace {

struct fixture {
  mock_cluster cluster;
  kafka_params params = cluster.params();
  std::unique_ptr<record_writer> uut;

  fixture() {
    cluster.create_topic(params.topic, 4);
    cluster.create_topic(params.dlq_topic, 4);
    params.producer["message.timeout.ms"] = "1500";
    params.producer["request.timeout.ms"] = "1000";
    uut = record_writer::make(params).value();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(record_writer_tests, fixture)

CAF_TEST(records go to the topic and partition that they name) {
  const record what{"key", std::nullopt, {{"a", "b"}, {"null", std::nullopt}}};

  const auto results =
      uut->write({{params.dlq_topic, 2, what}, {params.topic, {}, what}, {params.dlq_topic, 2, what}});

  CAF_REQUIRE_EQUAL(results.size(), 3u);
  CAF_CHECK_EQUAL(results[0].value().partition, 2);
  CAF_CHECK_EQUAL(results[0].value().offset, 0);
  CAF_CHECK_EQUAL(results[2].value().offset, 1);
  std::size_t headers_count = 0;
  const auto read = read_topic(
      params, params.topic,
      [&](const topic_record& each) {
        CAF_CHECK(each.key == "key");
        CAF_CHECK(!each.value);
        headers_count = each.whole->copy().headers.size();
      },
      10s);
  CAF_CHECK_EQUAL(read.value(), 1u);
  CAF_CHECK_EQUAL(headers_count, 2u);
}

CAF_TEST(each record has its own answer) {
  const record small{"key", "value", {}};
  const record large{"key", std::string(2'000'000, 'x'), {}};

  const auto results = uut->write({{params.topic, {}, large}, {params.topic, {}, small}});

  CAF_REQUIRE(!results[0]);
  CAF_CHECK(results[0].error().code == ec::invalid);
  CAF_CHECK(results[1]);
}

CAF_TEST(nothing is promised while the broker is away) {
  cluster.set_down();

  const auto results = uut->write({{params.topic, {}, record{"key", "value", {}}}});

  CAF_REQUIRE(!results[0]);
  CAF_CHECK(results[0].error().code == ec::unavailable);
}

CAF_TEST_FIXTURE_SCOPE_END()
