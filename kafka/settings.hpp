#pragma once

#include "kafka/params.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reviews::kafka {

/// What a client is for.
enum class role : std::uint8_t {
  producer, ///< Writes one topic: idempotent, acks=all.
  consumer, ///< Member of the consumer group.
  reader,   ///< Reads a topic from begin to end, outside any group; `kafka.consumer` applies.
  admin,    ///< Creates topics, asks for offsets; `kafka.producer` applies.
};

/// The table a role's settings come from, as messages name it: `kafka.producer`.
std::string_view table_name(role r) noexcept;

/// The user's own settings for a role.
const std::map<std::string, std::string>& user_settings(const kafka_params& params, role r) noexcept;

/// One librdkafka setting of ours.
struct setting {
  std::string name;
  std::string value;
  /// Only newer librdkafkas know it: leave it out where unknown.
  bool is_optional = false;
};

/// Settings our promises rest on, in the order they are applied, after the user's.
std::vector<setting> forced_settings(const kafka_params& params, role r);

/// Settings that are set unless the user says otherwise.
std::vector<setting> default_settings(const kafka_params& params, role r);

/// The one spelling of settings that librdkafka knows by two names.
std::string_view canonical_name(std::string_view name) noexcept;

/// What is wrong with a user setting by our rules (not librdkafka's):
/// `kafka.producer.acks: expected all, got 1`. Nothing when it is fine.
std::optional<std::string> broken_rule(std::string_view name, std::string_view value, role r);

} // namespace reviews::kafka
