#pragma once

#include "kafka/consumer.hpp"
#include "kafka/producer.hpp"
#include "tests/kafka/mock_cluster.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <set>

namespace reviews {

/// A member of the group that notes what it is told and starts nothing by itself.
struct member {
  consumer_client_ptr client;
  std::set<std::int32_t> assigned;
  std::vector<std::int32_t> revoked; ///< Told to give back, not released yet.
  bool has_joined = false;
  bool was_lost = false;
  std::vector<failure> problems;

  explicit member(const kafka_params& params) : member(kafka::make_consumer_factory(params)) {}

  explicit member(const consumer_client_factory& make_client) {
    auto made = make_client();
    if (!made)
      CAF_FAIL(made.error().detail);
    client = std::move(*made);
  }

  void turn() {
    for (auto& event : client->take_events()) {
      if (auto* given = std::get_if<partitions_assigned>(&event)) {
        has_joined = true;
        assigned.insert(given->partitions.begin(), given->partitions.end());
      } else if (auto* taken = std::get_if<partitions_revoked>(&event)) {
        revoked = taken->partitions;
        was_lost = taken->lost;
      } else {
        problems.push_back(std::get<consumer_problem>(event).what);
      }
    }
  }

  void release() {
    client->release(revoked);
    for (const auto partition : revoked)
      assigned.erase(partition);
    revoked.clear();
  }

  bool await_assigned(std::size_t count) {
    return eventually([&] {
      turn();
      return assigned.size() == count;
    });
  }

  std::shared_ptr<partition_queue> start(std::int32_t partition, std::optional<std::int64_t> from = {}) {
    auto queue = client->start(partition, from);
    if (!queue)
      CAF_FAIL(queue.error().detail);
    return *queue;
  }
};

/// What came out of a queue.
struct pulls {
  std::vector<std::int64_t> offsets;
  std::vector<std::string> values;
  std::optional<failure> problem;

  std::size_t from(partition_queue& queue, std::size_t records_max = 1000) {
    auto result = queue.pull(records_max, [&](const fetched_record& r) {
      offsets.push_back(r.offset());
      values.emplace_back(r.value().value_or("(null)"));
    });
    if (result.problem)
      problem = result.problem;
    return result.records_count;
  }

  bool await(partition_queue& queue, std::size_t count) {
    return eventually([&] {
      from(queue);
      return offsets.size() >= count || problem;
    });
  }
};

struct group_fixture {
  mock_cluster cluster;
  kafka_params params = cluster.params();

  group_fixture() { cluster.create_topic(params.topic, 2); }

  /// Writes `count` records of `size` bytes; with one partition's key their
  /// values are their numbers.
  void fill(std::size_t count, std::size_t size = 0) {
    auto producer = kafka::make_producer_factory(params, params.topic)();
    if (!producer)
      CAF_FAIL(producer.error().detail);
    for (std::size_t i = 0; i < count; ++i) {
      auto value = std::to_string(i);
      value.resize(std::max(size, value.size()), ' ');
      CAF_REQUIRE((*producer)->produce(record{"vendor", value, {{"schema", "review/1"}}}, i));
    }
    std::vector<delivery> deliveries;
    CAF_REQUIRE(eventually([&] {
      (*producer)->take_deliveries(deliveries);
      return deliveries.size() == count;
    }));
    for (const auto& d : deliveries) {
      CAF_REQUIRE(d.result);
      filled = d.result->partition;
    }
  }

  std::int32_t filled = -1; ///< The partition that `fill` wrote to.
};

} // namespace reviews
