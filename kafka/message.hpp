#pragma once

#include "actors/ports/consumer_client.hpp"
#include "kafka/holders.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace reviews::kafka {

using message_ptr = std::unique_ptr<rd_kafka_message_t, destroyer<rd_kafka_message_destroy>>;

/// Key of a message; none when null.
std::optional<std::string_view> key_of(const rd_kafka_message_t& message) noexcept;

/// Value of a message; none when null (a tombstone).
std::optional<std::string_view> value_of(const rd_kafka_message_t& message) noexcept;

/// librdkafka's own list of headers, in the same order.
headers_ptr make_headers(const std::vector<record_header>& headers);

/// A librdkafka message seen as the port's record; lives no longer than the message.
class message_view final : public fetched_record {
public:
  explicit message_view(const rd_kafka_message_t& message) : message_(message) {}

  std::int64_t offset() const override { return message_.offset; }
  std::optional<std::string_view> key() const override { return key_of(message_); }
  std::optional<std::string_view> value() const override { return value_of(message_); }
  record copy() const override;

private:
  const rd_kafka_message_t& message_;
};

} // namespace reviews::kafka
