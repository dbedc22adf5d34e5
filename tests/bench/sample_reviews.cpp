#include "tests/bench/sample_reviews.hpp"

#include <librdkafka/rdkafka.h>

#include <utility>

namespace reviews::bench {

std::vector<std::string> sample_reviews::posted(std::size_t count) const {
  std::vector<std::string> result(count);
  for (std::size_t i = 0; i < count; ++i)
    generator_.append_json(result[i], i, false);
  return result;
}

review sample_reviews::taken_in(std::uint64_t index) const {
  auto draft = generator_.make(index);
  return review{*draft.id,
                std::move(draft.vendor_id),
                std::move(draft.author),
                draft.rating,
                std::move(draft.title),
                std::move(draft.text),
                timestamp(std::chrono::microseconds(seed_ + index))};
}

std::int32_t partition_of(const std::string& vendor_id, std::int32_t partitions) {
  return rd_kafka_msg_partitioner_murmur2(nullptr, vendor_id.data(), vendor_id.size(), partitions, nullptr,
                                          nullptr);
}

std::uint64_t seed_of_now() {
  return static_cast<std::uint64_t>(now_utc().time_since_epoch().count());
}

} // namespace reviews::bench
