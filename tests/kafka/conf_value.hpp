#pragma once

#include <librdkafka/rdkafka.h>

#include <array>
#include <string>

namespace reviews {

/// What librdkafka has for a setting; "(unset)" when nothing.
inline std::string value_in(const rd_kafka_conf_t* conf, const char* name) {
  std::array<char, 256> value{};
  std::size_t size = value.size();
  return rd_kafka_conf_get(conf, name, value.data(), &size) == RD_KAFKA_CONF_OK ? value.data() : "(unset)";
}

} // namespace reviews
