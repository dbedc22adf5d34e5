#pragma once

#include "kafka/producer.hpp"
#include "tests/kafka/mock_cluster.hpp"

#include "caf/test/unit_test.hpp"

#include <set>

namespace reviews {

inline record make_record(const std::string& key, const std::string& value) {
  return {key, value, {{"content-type", "application/json"}, {"empty", std::nullopt}}};
}

/// A producer on a mock cluster with a topic of one partition, and what it delivered.
struct producer_fixture {
  mock_cluster cluster;
  kafka_params params = cluster.params();
  producer_client_ptr uut;
  std::vector<delivery> deliveries;

  void start(int partitions = 1) {
    cluster.create_topic(params.topic, partitions);
    auto made = kafka::make_producer_factory(params, params.topic)();
    if (!made)
      CAF_FAIL(made.error().detail);
    uut = std::move(*made);
  }

  void produce(std::uint64_t first, std::uint64_t count) {
    for (auto token = first; token < first + count; ++token)
      CAF_REQUIRE(uut->produce(make_record("vendor", std::to_string(token)), token));
  }

  bool await(std::size_t count, std::chrono::milliseconds timeout = std::chrono::seconds(15)) {
    return eventually(
        [&] {
          uut->take_deliveries(deliveries);
          return deliveries.size() >= count;
        },
        timeout);
  }

  /// The code of each delivery; none for a receipt.
  std::set<std::string> codes() const {
    std::set<std::string> result;
    for (const auto& d : deliveries)
      result.insert(d.result ? "receipt" : std::string(to_string(d.result.error().code)));
    return result;
  }
};

} // namespace reviews
