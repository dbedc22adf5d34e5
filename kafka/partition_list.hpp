#pragma once

#include "kafka/holders.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace reviews::kafka {

/// librdkafka's list of partitions of one topic.
template <class Partitions>
partitions_ptr make_partition_list(const std::string& topic, const Partitions& partitions) {
  partitions_ptr list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
  for (std::int32_t partition : partitions)
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
  return list;
}

/// The partition numbers in librdkafka's list; empty for none.
inline std::vector<std::int32_t> partition_numbers(const rd_kafka_topic_partition_list_t* list) {
  std::vector<std::int32_t> result;
  for (int i = 0; list && i < list->cnt; ++i)
    result.push_back(list->elems[i].partition);
  return result;
}

} // namespace reviews::kafka
