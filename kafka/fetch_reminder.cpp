#include "kafka/fetch_reminder.hpp"

#include "kafka/holders.hpp"

#include <algorithm>

namespace reviews::kafka {
namespace {

/// Empty when it is not set.
std::string value_in_force(rd_kafka_t* client, const char* name) {
  std::size_t size = 0;
  if (rd_kafka_conf_get(rd_kafka_conf(client), name, nullptr, &size) != RD_KAFKA_CONF_OK || size == 0)
    return {};
  std::string result(size, '\0'); // with the final NUL
  rd_kafka_conf_get(rd_kafka_conf(client), name, result.data(), &size);
  result.resize(size - 1);
  return result;
}

/// At least 1.
std::size_t half_of(rd_kafka_t* client, const char* name, std::size_t unit) {
  return std::max<std::size_t>(std::stoull(value_in_force(client, name)) * unit / 2, 1);
}

bool uses_kerberos(rd_kafka_t* client) {
  return value_in_force(client, "security.protocol").starts_with("sasl") &&
         value_in_force(client, "sasl.mechanisms") == "GSSAPI";
}

} // namespace

fetch_reminder::fetch_reminder(rd_kafka_t* client)
    : client_(client), is_needed_(rd_kafka_version() < 0x020200ff && !uses_kerberos(client)),
      half_{half_of(client, "queued.min.messages", 1), half_of(client, "queued.max.messages.kbytes", 1024)} {
  if (!is_needed_)
    return;
  sasl_user_name_ = value_in_force(client, "sasl.username");
  sasl_password_ = value_in_force(client, "sasl.password");
}

void fetch_reminder::remind(taken& since_last) const {
  if (since_last.records_count < half_.records_count && since_last.bytes_count < half_.bytes_count)
    return;
  since_last = {};
  // Besides it only swaps two strings under a lock. The other calls that wake the threads are for producers
  // or set a token.
  if (is_needed_)
    error_ptr{rd_kafka_sasl_set_credentials(client_, sasl_user_name_.c_str(), sasl_password_.c_str())};
}

} // namespace reviews::kafka
