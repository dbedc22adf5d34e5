#define CAF_SUITE client_config

#include "kafka/client_config.hpp"

#include "kafka/config_check.hpp"
#include "tests/kafka/conf_value.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>

using namespace reviews;
using namespace reviews::kafka;

namespace {

std::string value_in(const conf_ptr& conf, const char* name) {
  return reviews::value_in(conf.get(), name);
}

conf_ptr conf_of(const kafka_params& params, role r) {
  std::vector<std::string> mistakes;
  auto result = make_conf(params, r, mistakes);
  for (const auto& mistake : mistakes)
    CAF_ERROR(mistake);
  CAF_REQUIRE(result != nullptr);
  return result;
}

bool names(const std::vector<std::string>& mistakes, const std::string& start) {
  return std::any_of(mistakes.begin(), mistakes.end(), [&](const auto& m) { return m.rfind(start, 0) == 0; });
}

} // namespace

CAF_TEST(the promises are set whatever the user says nothing about) {
  kafka_params params;
  params.group_instance_id = "consumer-0";

  const auto producer = conf_of(params, role::producer);
  const auto consumer = conf_of(params, role::consumer);

  CAF_CHECK_EQUAL(value_in(producer, "enable.idempotence"), "true");
  CAF_CHECK_EQUAL(value_in(producer, "acks"), "-1");
  CAF_CHECK_EQUAL(value_in(producer, "partitioner"), "murmur2_random");
  CAF_CHECK_EQUAL(value_in(consumer, "enable.auto.commit"), "false");
  CAF_CHECK_EQUAL(value_in(consumer, "enable.auto.offset.store"), "false");
  CAF_CHECK_EQUAL(value_in(consumer, "auto.offset.reset"), "error");
  CAF_CHECK_EQUAL(value_in(consumer, "partition.assignment.strategy"), "cooperative-sticky");
  CAF_CHECK_EQUAL(value_in(consumer, "isolation.level"), "read_committed");
  CAF_CHECK_EQUAL(value_in(consumer, "group.id"), "reviews-writer");
  CAF_CHECK_EQUAL(value_in(consumer, "group.instance.id"), "consumer-0");
}

CAF_TEST(a producer sends at once and gathers behind two requests) {
  kafka_params params;

  CAF_CHECK_EQUAL(value_in(conf_of(params, role::producer), "linger.ms"), "0");
  CAF_CHECK_EQUAL(value_in(conf_of(params, role::producer), "max.in.flight"), "2");
  params.producer["max.in.flight.requests.per.connection"] = "5";
  CAF_CHECK_EQUAL(value_in(conf_of(params, role::producer), "max.in.flight"), "5");
}

CAF_TEST(the user wins over our defaults under either name of a setting) {
  kafka_params params;
  params.producer["linger.ms"] = "7";
  params.producer["delivery.timeout.ms"] = "8000";
  params.consumer["session.timeout.ms"] = "9000";

  CAF_CHECK_EQUAL(value_in(conf_of(params, role::producer), "linger.ms"), "7");
  CAF_CHECK_EQUAL(value_in(conf_of(params, role::producer), "message.timeout.ms"), "8000");
  CAF_CHECK_EQUAL(value_in(conf_of(params, role::consumer), "session.timeout.ms"), "9000");
  CAF_CHECK_EQUAL(value_in(conf_of(params, role::consumer), "heartbeat.interval.ms"), "500");
}

CAF_TEST(back - pressure bounds the local queues) {
  kafka_params params;
  params.partition_bytes_max = 256 * 1024;
  params.partition_records_max = 500;

  const auto uut = conf_of(params, role::consumer);

  CAF_CHECK_EQUAL(value_in(uut, "queued.min.messages"), "500");
  CAF_CHECK_EQUAL(value_in(uut, "queued.max.messages.kbytes"), "256");
  CAF_CHECK_EQUAL(value_in(uut, "fetch.message.max.bytes"), "262144");
}

CAF_TEST(added partitions show within a minute unless the user says otherwise) {
  kafka_params params;

  CAF_CHECK_EQUAL(value_in(conf_of(params, role::consumer), "topic.metadata.refresh.interval.ms"), "60000");
  CAF_CHECK_EQUAL(value_in(conf_of(params, role::producer), "topic.metadata.refresh.interval.ms"), "60000");
  params.consumer["topic.metadata.refresh.interval.ms"] = "30000";
  CAF_CHECK_EQUAL(value_in(conf_of(params, role::consumer), "topic.metadata.refresh.interval.ms"), "30000");
}

CAF_TEST(sound settings have no mistakes) {
  kafka_params params;
  params.producer["acks"] = "-1";
  params.producer["enable.idempotence"] = "TRUE";
  params.producer["compression.type"] = "lz4";

  CAF_CHECK_EQUAL(check(params), std::vector<std::string>{});
}

CAF_TEST(every mistake is named at once with its key) {
  kafka_params params;
  params.bootstrap_servers = "";
  params.dlq_topic = "no such/topic";
  params.producer["acks"] = "1";
  params.producer["lingr.ms"] = "5";
  params.producer["linger.ms"] = "soon";
  params.consumer["auto.offset.reset"] = "earliest";
  params.consumer["bootstrap.servers"] = "elsewhere:9092";
  params.consumer["fetch.wait.max.ms"] = "999999999";

  const auto mistakes = check(params);

  CAF_CHECK_EQUAL(mistakes.size(), 8u);
  CAF_CHECK(names(mistakes, "kafka.bootstrap-servers: expected host:port"));
  CAF_CHECK(names(mistakes, "kafka.dlq-topic: expected"));
  CAF_CHECK(names(mistakes, "kafka.producer.acks: expected not to be set, or all, got 1"));
  CAF_CHECK(names(mistakes, "kafka.producer.lingr.ms: expected the name of a librdkafka setting"));
  CAF_CHECK(names(mistakes, "kafka.producer.linger.ms: expected a value that librdkafka takes"));
  CAF_CHECK(names(mistakes, "kafka.consumer.auto.offset.reset: expected not to be set, or error"));
  CAF_CHECK(names(mistakes, "kafka.consumer.bootstrap.servers: expected not to be set"));
  CAF_CHECK(names(mistakes, "kafka.consumer.fetch.wait.max.ms: expected a value"));
}

CAF_TEST(a promise is not undone under the other name of a setting) {
  kafka_params params;
  params.producer["request.required.acks"] = "0";

  CAF_CHECK(names(check(params), "kafka.producer.request.required.acks: expected not to be set, or all"));
}

CAF_TEST(settings that do not fit together are a mistake) {
  kafka_params params;
  params.consumer["session.timeout.ms"] = "90000";
  params.consumer["max.poll.interval.ms"] = "10000";

  const auto mistakes = check(params);

  CAF_REQUIRE_EQUAL(mistakes.size(), 1u);
  CAF_CHECK(names(mistakes, "kafka.consumer: expected settings that fit together, got"));
}

CAF_TEST(a token must come from somewhere) {
  kafka_params params;
  params.consumer["sasl.mechanisms"] = "OAUTHBEARER";
  CAF_CHECK(names(check(params), "kafka.consumer.sasl.oauthbearer.method: expected oidc"));

  params.consumer["enable.sasl.oauthbearer.unsecure.jwt"] = "true";
  CAF_CHECK_EQUAL(check(params), std::vector<std::string>{});
}

CAF_TEST(a secret is not repeated) {
  kafka_params params;
  params.producer["security.protocol"] = "ssl";
  params.producer["ssl.key.pem"] = "hunter2";

  for (const auto& mistake : check(params))
    CAF_CHECK(mistake.find("hunter2") == std::string::npos);
  CAF_CHECK(!check(params).empty());
}

CAF_TEST(a client is refused with all that is wrong) {
  kafka_params params;
  params.producer["acks"] = "0";
  params.producer["nonsense"] = "1";

  const auto client = make_client(params, role::producer, 0);

  CAF_REQUIRE(!client);
  CAF_CHECK(client.error().code == ec::refused);
  CAF_CHECK(client.error().detail.find("kafka.producer.acks") != std::string::npos);
  CAF_CHECK(client.error().detail.find("kafka.producer.nonsense") != std::string::npos);
}
