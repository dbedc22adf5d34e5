#define CAF_SUITE fetch_reminder

#include "kafka/fetch_reminder.hpp"

#include "kafka/client_config.hpp"
#include "tests/kafka/conf_value.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::kafka;

namespace {

struct fetch_reminder_fixture {
  kafka_params params;
  client_ptr client;

  void connect() {
    params.bootstrap_servers = "127.0.0.1:1"; // nobody
    params.consumer["log_level"] = "0";
    auto made = make_client(params, role::consumer, 0);
    if (!made)
      CAF_FAIL(made.error().detail);
    client = std::move(*made);
  }

  std::string in_force(const char* name) { return value_in(rd_kafka_conf(client.get()), name); }
};

bool is_counted_anew(const fetch_reminder& uut, fetch_reminder::taken since_last) {
  uut.remind(since_last);
  return since_last.records_count == 0 && since_last.bytes_count == 0;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(fetch_reminder_tests, fetch_reminder_fixture)

CAF_TEST(half of the records or of the bytes calls for a reminder) {
  params.partition_records_max = 100;
  params.partition_bytes_max = 8 * 1024;
  connect();
  const fetch_reminder uut(client.get());

  CAF_CHECK(is_counted_anew(uut, {50, 1}));
  CAF_CHECK(is_counted_anew(uut, {1, 4096}));
  fetch_reminder::taken less{49, 4095};
  uut.remind(less);
  CAF_CHECK_EQUAL(less.records_count, 49u);
  CAF_CHECK_EQUAL(less.bytes_count, 4095u);
}

CAF_TEST(the smallest queue calls for a reminder after each record) {
  params.consumer["queued.min.messages"] = "1";
  connect();
  const fetch_reminder uut(client.get());

  CAF_CHECK(is_counted_anew(uut, {1, 0}));
}

CAF_TEST(a reminder leaves the credentials as they are) {
  params.consumer["security.protocol"] = "SASL_PLAINTEXT";
  params.consumer["sasl.mechanism"] = "PLAIN";
  params.consumer["sasl.username"] = "reviews";
  params.consumer["sasl.password"] = "s3cret, with a comma";
  connect();
  const fetch_reminder uut(client.get());
  fetch_reminder::taken much{1'000'000, 0};

  uut.remind(much);

  CAF_CHECK_EQUAL(in_force("sasl.username"), "reviews");
  CAF_CHECK_EQUAL(in_force("sasl.password"), "s3cret, with a comma");
}

CAF_TEST(a client without credentials is reminded as well) {
  connect();
  const fetch_reminder uut(client.get());
  CAF_CHECK_EQUAL(in_force("sasl.username"), "(unset)");

  CAF_CHECK(is_counted_anew(uut, {1'000'000, 0}));

  const bool is_needed = rd_kafka_version() < 0x020200ff;
  CAF_CHECK_EQUAL(in_force("sasl.username"), is_needed ? "" : "(unset)"); // the call's trace
}

CAF_TEST_FIXTURE_SCOPE_END()
