#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reviews {

/// One header of a Kafka record. A value may be null (KIP-82).
struct record_header {
  std::string name;
  std::optional<std::string> value;
};

/// A Kafka record on its way to a topic. Key and value may be null.
struct record {
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<record_header> headers;
};

/// Payload bytes of a record: key, value, headers. What byte bounds count.
inline std::size_t bytes_of(const record& r) noexcept {
  std::size_t sum = (r.key ? r.key->size() : 0) + (r.value ? r.value->size() : 0);
  for (const auto& header : r.headers)
    sum += header.name.size() + (header.value ? header.value->size() : 0);
  return sum;
}

/// Where the broker put a record: the proof behind a 202.
struct receipt {
  std::int32_t partition = -1;
  std::int64_t offset = -1;
};

} // namespace reviews
