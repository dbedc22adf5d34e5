#pragma once

#include "actors/model/failure.hpp"
#include "actors/ports/review_store.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

/// The actors' metrics, named in the contract; all thread-safe.
namespace reviews {

/// What publishers count.
struct publisher_metrics {
  /// @param prefix Of the names: `reviews` in the producer, `reviews_dead_letters` in the consumer.
  explicit publisher_metrics(prometheus::Registry& registry, const std::string& prefix = "reviews");

  prometheus::Counter& published_total;
  prometheus::Gauge& in_flight;
  prometheus::Gauge& in_flight_bytes;
  prometheus::Histogram& publish_duration_seconds;
};

/// What readers, and the desk in front of them, count.
class reader_metrics {
public:
  explicit reader_metrics(prometheus::Registry& registry);

  /// Counts a read that was answered with a failure.
  void count_failure(ec reason);

private:
  prometheus::Family<prometheus::Counter>& failures_;

public:
  prometheus::Gauge& in_flight;
  prometheus::Histogram& duration_seconds;
};

/// What one partition counts; its label is the partition's number.
struct partition_metrics {
  prometheus::Counter& consumed_total;
  prometheus::Gauge& lag_records;
  prometheus::Gauge& lag_seconds;
  prometheus::Gauge& paused;
  prometheus::Gauge& held_records;
  prometheus::Gauge& held_bytes;
  prometheus::Gauge& stopped;
  prometheus::Gauge& standing_seconds;
};

/// What partition consumers and the group consumer count.
class consumer_metrics {
public:
  explicit consumer_metrics(prometheus::Registry& registry);

  /// The metrics of a partition, made at first use; the reference stays valid.
  partition_metrics& of(std::int32_t partition);

  /// Those that have metrics.
  std::vector<std::int32_t> known_partitions();

  /// Counts a dead letter; `reason` is one of a few names.
  void count_dead_letter(const std::string& reason);

  /// Counts an attempt to store, or to read offsets, that failed.
  void count_store_failure(ec reason);

  /// The ages of rows committed at `when`, in one go.
  void observe_end_to_end(const review_rows& rows, timestamp when);

private:
  prometheus::Family<prometheus::Counter>& consumed_;
  prometheus::Family<prometheus::Gauge>& lag_records_;
  prometheus::Family<prometheus::Gauge>& lag_seconds_;
  prometheus::Family<prometheus::Gauge>& paused_;
  prometheus::Family<prometheus::Gauge>& held_;
  prometheus::Family<prometheus::Gauge>& held_bytes_;
  prometheus::Family<prometheus::Gauge>& stopped_;
  prometheus::Family<prometheus::Gauge>& standing_;
  prometheus::Family<prometheus::Counter>& dead_lettered_;
  prometheus::Family<prometheus::Counter>& store_failures_;
  std::mutex mutex_;
  std::map<std::int32_t, partition_metrics> partitions_;

public:
  prometheus::Counter& stored_total;
  prometheus::Counter& duplicates_total;
  prometheus::Counter& notices_withheld_total;
  prometheus::Counter& rebalances_total;
  prometheus::Counter& stuck_total;
  prometheus::Histogram& end_to_end_seconds;
  prometheus::Histogram& store_batch_rows;
  prometheus::Histogram& store_duration_seconds;
};

/// What the supervisor counts.
class supervisor_metrics {
public:
  explicit supervisor_metrics(prometheus::Registry& registry);

  /// Shows an actor that has not been restarted yet.
  void add(const std::string& actor);
  /// The actor is gone for good; its restarts stay counted.
  void remove(const std::string& actor);
  void count_restart(const std::string& actor);
  void set_mailbox_depth(const std::string& actor, double depth);
  void set_pool_size(const std::string& pool, double size);
  /// What is left of the budget of restarts, and the whole of it.
  void set_budget(std::size_t left, std::size_t whole);

private:
  prometheus::Family<prometheus::Counter>& restarts_;
  prometheus::Family<prometheus::Gauge>& depths_;
  prometheus::Family<prometheus::Gauge>& pools_;
  prometheus::Gauge& restarts_left_;
  prometheus::Gauge& restarts_max_;
};

/// Whether the configuration was read well the last time. A process starts only
/// with one that has no mistakes, so its start counts as a success.
class config_metrics {
public:
  explicit config_metrics(prometheus::Registry& registry);

  void count_reload(bool is_successful);

private:
  prometheus::Gauge& successful_;
  prometheus::Gauge& success_timestamp_seconds_; ///< Since 1970, as Prometheus has it.
};

/// Sets a gauge without labels, made at first use.
void set_gauge(prometheus::Registry& registry, const std::string& name, const char* help, double value);

/// `reviews_build_info{version} 1`.
void add_process_info(prometheus::Registry& registry);

/// The registry in Prometheus' text format.
std::string metrics_text(const prometheus::Registry& registry);

} // namespace reviews
