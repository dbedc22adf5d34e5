#pragma once

#include "kafka/params.hpp"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace reviews {

/// Request kinds of the Kafka protocol, for injected errors.
enum class api : std::int16_t {
  produce = 0,
  fetch = 1,
  list_offsets = 2,
  metadata = 3,
  offset_commit = 8,
  heartbeat = 12
};

/// librdkafka's mock cluster on loopback: real sockets, no disk, one process.
class mock_cluster {
public:
  explicit mock_cluster(int brokers = 1) {
    char text[256];
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "log_level", "2", nullptr, 0);
    handle_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text)));
    if (!handle_)
      throw std::runtime_error(text);
    cluster_.reset(rd_kafka_mock_cluster_new(handle_.get(), brokers));
  }

  /// Params that reach the cluster, for topic `reviews.v1`, with quick timeouts.
  kafka_params params() const {
    kafka_params result;
    result.bootstrap_servers = rd_kafka_mock_cluster_bootstraps(cluster_.get());
    result.producer["log_level"] = "2";
    result.consumer["log_level"] = "2";
    return result;
  }

  void create_topic(const std::string& name, int partitions) {
    rd_kafka_mock_topic_create(cluster_.get(), name.c_str(), partitions, 1);
  }

  /// The next requests of this kind fail with these errors, in order.
  void fail_next(api kind, const std::vector<rd_kafka_resp_err_t>& errors) {
    rd_kafka_mock_push_request_errors_array(cluster_.get(), static_cast<std::int16_t>(kind), errors.size(),
                                            errors.data());
  }

  void heal(api kind) { rd_kafka_mock_clear_request_errors(cluster_.get(), static_cast<std::int16_t>(kind)); }
  void set_down(int broker = 1) { rd_kafka_mock_broker_set_down(cluster_.get(), broker); }
  void set_up(int broker = 1) { rd_kafka_mock_broker_set_up(cluster_.get(), broker); }
  void set_rtt(std::chrono::milliseconds rtt, int broker = 1) {
    rd_kafka_mock_broker_set_rtt(cluster_.get(), broker, static_cast<int>(rtt.count()));
  }
  /// @param broker -1: nobody.
  void set_leader(const std::string& topic, std::int32_t partition, std::int32_t broker) {
    rd_kafka_mock_partition_set_leader(cluster_.get(), topic.c_str(), partition, broker);
  }
  void set_topic_error(const std::string& topic, rd_kafka_resp_err_t err) {
    rd_kafka_mock_topic_set_error(cluster_.get(), topic.c_str(), err);
  }

private:
  struct client_end {
    void operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }
  };
  struct cluster_end {
    void operator()(rd_kafka_mock_cluster_t* cluster) const { rd_kafka_mock_cluster_destroy(cluster); }
  };
  std::unique_ptr<rd_kafka_t, client_end> handle_;
  std::unique_ptr<rd_kafka_mock_cluster_t, cluster_end> cluster_;
};

/// Waits until `holds`, at most `timeout`. False when it never did.
inline bool eventually(const std::function<bool()>& holds,
                       std::chrono::milliseconds timeout = std::chrono::seconds(15)) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

} // namespace reviews
