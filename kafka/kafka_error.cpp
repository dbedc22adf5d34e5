#include "kafka/kafka_error.hpp"

#include "actors/model/rejected_certificate.hpp"

#include <array>
#include <string>

namespace reviews::kafka {

ec code_of(rd_kafka_resp_err_t err) noexcept {
  switch (err) {
  case RD_KAFKA_RESP_ERR__QUEUE_FULL: return ec::overloaded;

  case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
  case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
  case RD_KAFKA_RESP_ERR_INVALID_RECORD:
  case RD_KAFKA_RESP_ERR_INVALID_MSG:
  case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
  case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
  case RD_KAFKA_RESP_ERR_INVALID_CONFIG:
  case RD_KAFKA_RESP_ERR_INVALID_PARTITIONS:
  case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
  case RD_KAFKA_RESP_ERR__INVALID_ARG: return ec::invalid;

  case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
  case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
  case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
  case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
  case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
  case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
  case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
  case RD_KAFKA_RESP_ERR_SECURITY_DISABLED:
  case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
  case RD_KAFKA_RESP_ERR_GROUP_MAX_SIZE_REACHED:
  case RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL:
  case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
  case RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION:
  case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
  case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
  case RD_KAFKA_RESP_ERR__AUTHENTICATION:
  case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE: return ec::refused;

  case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
  case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET: return ec::offset_gone;

  case RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER:
  case RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID:
  case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH:
  case RD_KAFKA_RESP_ERR__GAPLESS_GUARANTEE:
  case RD_KAFKA_RESP_ERR__INCONSISTENT:
  case RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE:
  case RD_KAFKA_RESP_ERR__DESTROY:
  case RD_KAFKA_RESP_ERR__STATE:
  case RD_KAFKA_RESP_ERR__FENCED:
  case RD_KAFKA_RESP_ERR__FATAL: return ec::broken;

  // Perhaps written, or no answer at all: transport, time-outs, leader and
  // replica changes, purges, NOT_ENOUGH_REPLICAS(_AFTER_APPEND).
  default: return ec::unavailable;
  }
}

namespace {

/// Before 2.6.1 librdkafka sends a nonce that Kafka 4 takes for wrong credentials (its release notes).
bool is_scram_in_doubt(std::string_view text, int version) noexcept {
  return version < 0x020601ff && text.find("SCRAM") != std::string_view::npos;
}

/// Errors by which the broker, or librdkafka before sending, says: not written.
bool is_never_written(ec code) noexcept {
  return code == ec::overloaded || code == ec::invalid || code == ec::refused;
}

} // namespace

failure to_failure(rd_kafka_resp_err_t err, std::string_view subject, std::string_view expected,
                   std::string_view text) {
  ec code = code_of(err);
  // In TLS 1.3 the broker's verdict on our certificate comes after the handshake.
  if ((err == RD_KAFKA_RESP_ERR__SSL || err == RD_KAFKA_RESP_ERR__TRANSPORT) &&
      names_a_rejected_certificate(text))
    code = ec::refused;
  std::string detail;
  detail.append(subject).append(": expected ").append(expected).append(", got ");
  detail.append(rd_kafka_err2name(err)).append(" (");
  detail.append(text.empty() ? std::string_view(rd_kafka_err2str(err)) : text).append(")");
  if (err == RD_KAFKA_RESP_ERR__AUTHENTICATION && is_scram_in_doubt(text, rd_kafka_version()))
    detail.append("; a right password, too: librdkafka before 2.6.1 cannot log in by SCRAM to newer brokers");
  return failure{code, std::move(detail)};
}

failure delivery_failure(rd_kafka_resp_err_t err, rd_kafka_msg_status_t status, std::string_view topic) {
  failure result = to_failure(err, topic, "an acknowledgement");
  if (status != RD_KAFKA_MSG_STATUS_NOT_PERSISTED && !is_never_written(result.code))
    result.code = ec::outcome_unknown;
  return result;
}

failure unplaced_failure(std::string_view topic) {
  return {ec::outcome_unknown,
          std::string(topic) + ": expected an acknowledgement with an offset, got one without",
          {}};
}

failure fatal_failure(rd_kafka_t* client, std::string_view subject) {
  std::array<char, 512> text{};
  const auto err = rd_kafka_fatal_error(client, text.data(), text.size());
  failure result = to_failure(err, subject, "a working client", text.data());
  if (result.code != ec::refused) // fenced, or without a right: a new client would fare no better
    result.code = ec::broken;
  return result;
}

} // namespace reviews::kafka
