#define CAF_SUITE kafka_error

#include "kafka/kafka_error.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::kafka;

namespace {

ec delivered(rd_kafka_resp_err_t err, rd_kafka_msg_status_t status) {
  return delivery_failure(err, status, "reviews.v1").code;
}

constexpr auto not_persisted = RD_KAFKA_MSG_STATUS_NOT_PERSISTED;
constexpr auto possibly_persisted = RD_KAFKA_MSG_STATUS_POSSIBLY_PERSISTED;

} // namespace

CAF_TEST(an error tells its caller what to do next) {
  CAF_CHECK(code_of(RD_KAFKA_RESP_ERR__QUEUE_FULL) == ec::overloaded);
  CAF_CHECK(code_of(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) == ec::invalid);
  CAF_CHECK(code_of(RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE) == ec::invalid);
  CAF_CHECK(code_of(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) == ec::refused);
  CAF_CHECK(code_of(RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED) == ec::refused);
  CAF_CHECK(code_of(RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED) == ec::refused);
  CAF_CHECK(code_of(RD_KAFKA_RESP_ERR__AUTHENTICATION) == ec::refused);
  CAF_CHECK(code_of(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) == ec::refused);
  CAF_CHECK(code_of(RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE) == ec::offset_gone);
  CAF_CHECK(code_of(RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) == ec::offset_gone);
  CAF_CHECK(code_of(RD_KAFKA_RESP_ERR__FATAL) == ec::broken);
  CAF_CHECK(code_of(RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER) == ec::broken);
  CAF_CHECK(code_of(RD_KAFKA_RESP_ERR__TRANSPORT) == ec::unavailable);
  CAF_CHECK(code_of(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) == ec::unavailable);
  CAF_CHECK(code_of(RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS) == ec::unavailable);
}

CAF_TEST(a time - out is unknown once the record may have been written) {
  CAF_CHECK(delivered(RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, not_persisted) == ec::unavailable);
  CAF_CHECK(delivered(RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, possibly_persisted) == ec::outcome_unknown);
  CAF_CHECK(delivered(RD_KAFKA_RESP_ERR__PURGE_QUEUE, not_persisted) == ec::unavailable);
  CAF_CHECK(delivered(RD_KAFKA_RESP_ERR__PURGE_INFLIGHT, possibly_persisted) == ec::outcome_unknown);
  CAF_CHECK(delivered(RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, not_persisted) == ec::unavailable);
  CAF_CHECK(delivered(RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND, possibly_persisted) ==
            ec::outcome_unknown);
}

CAF_TEST(a broken sequence does not hide that the record may have been written) {
  CAF_CHECK(delivered(RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, possibly_persisted) ==
            ec::outcome_unknown);
  CAF_CHECK(delivered(RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID, not_persisted) == ec::broken);
}

CAF_TEST(a record that the broker turns down was certainly not written) {
  CAF_CHECK(delivered(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, possibly_persisted) == ec::invalid);
  CAF_CHECK(delivered(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, possibly_persisted) == ec::refused);
}

CAF_TEST(a rejected certificate is refused and a broken TLS connection is not ) {
  const auto rejected = to_failure(RD_KAFKA_RESP_ERR__SSL, "kafka", "a connection",
                                   "SSL handshake failed: error:0A000086: certificate verify failed");
  const auto rejected_later =
      to_failure(RD_KAFKA_RESP_ERR__TRANSPORT, "kafka", "a connection",
                 "Receive failed: error:0A000416:SSL routines::sslv3 alert certificate unknown");
  const auto cut_off = to_failure(RD_KAFKA_RESP_ERR__SSL, "kafka", "a connection",
                                  "SSL handshake failed: disconnecting: connection reset by peer");

  CAF_CHECK(rejected.code == ec::refused);
  CAF_CHECK(rejected_later.code == ec::refused);
  CAF_CHECK(cut_off.code == ec::unavailable);
}

CAF_TEST(a failure names subject and error) {
  const auto uut = to_failure(RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, "reviews.v1", "an acknowledgement");

  CAF_CHECK_EQUAL(uut.detail, "reviews.v1: expected an acknowledgement, got NOT_ENOUGH_REPLICAS "
                              "(Broker: Not enough in-sync replicas)");
}
