#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>

/// Owners of librdkafka's objects: each frees what it holds in the one right way.
/// A client (`rd_kafka_t`) must be the last of its objects to go, so declare it first.
namespace reviews::kafka {

template <auto Destroy>
struct destroyer {
  template <class T>
  void operator()(T* what) const noexcept {
    Destroy(what);
  }
};

using conf_ptr = std::unique_ptr<rd_kafka_conf_t, destroyer<rd_kafka_conf_destroy>>;
using client_ptr = std::unique_ptr<rd_kafka_t, destroyer<rd_kafka_destroy>>;
using queue_ptr = std::unique_ptr<rd_kafka_queue_t, destroyer<rd_kafka_queue_destroy>>;
using event_ptr = std::unique_ptr<rd_kafka_event_t, destroyer<rd_kafka_event_destroy>>;
using topic_ptr = std::unique_ptr<rd_kafka_topic_t, destroyer<rd_kafka_topic_destroy>>;
using error_ptr = std::unique_ptr<rd_kafka_error_t, destroyer<rd_kafka_error_destroy>>;
using headers_ptr = std::unique_ptr<rd_kafka_headers_t, destroyer<rd_kafka_headers_destroy>>;
using partitions_ptr =
    std::unique_ptr<rd_kafka_topic_partition_list_t, destroyer<rd_kafka_topic_partition_list_destroy>>;

struct metadata_destroyer {
  void operator()(const rd_kafka_metadata_t* what) const noexcept { rd_kafka_metadata_destroy(what); }
};
using metadata_ptr = std::unique_ptr<const rd_kafka_metadata_t, metadata_destroyer>;

} // namespace reviews::kafka
