#include "kafka/message.hpp"

namespace reviews::kafka {

std::optional<std::string_view> key_of(const rd_kafka_message_t& message) noexcept {
  if (!message.key)
    return std::nullopt;
  return std::string_view(static_cast<const char*>(message.key), message.key_len);
}

std::optional<std::string_view> value_of(const rd_kafka_message_t& message) noexcept {
  if (!message.payload)
    return std::nullopt;
  return std::string_view(static_cast<const char*>(message.payload), message.len);
}

headers_ptr make_headers(const std::vector<record_header>& headers) {
  headers_ptr result(rd_kafka_headers_new(headers.size()));
  for (const auto& [name, value] : headers)
    rd_kafka_header_add(result.get(), name.data(), static_cast<ssize_t>(name.size()),
                        value ? value->data() : nullptr, value ? static_cast<ssize_t>(value->size()) : 0);
  return result;
}

record message_view::copy() const {
  record result;
  if (const auto k = key())
    result.key.emplace(*k);
  if (const auto v = value())
    result.value.emplace(*v);
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message_, &headers))
    return result;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0; !rd_kafka_header_get_all(headers, i, &name, &value, &size); ++i) {
    record_header header{name, std::nullopt};
    if (value)
      header.value.emplace(static_cast<const char*>(value), size);
    result.headers.push_back(std::move(header));
  }
  return result;
}

} // namespace reviews::kafka
