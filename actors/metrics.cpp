#include "actors/metrics.hpp"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <chrono>

namespace reviews {

namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using prometheus::Registry;
using buckets = prometheus::Histogram::BucketBoundaries;

const buckets latency_seconds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
const buckets end_to_end{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600};
const buckets batch_rows{1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000};

prometheus::Counter& counter(Registry& registry, const std::string& name, const char* help) {
  return BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Gauge& gauge(Registry& registry, const std::string& name, const char* help) {
  return BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Histogram& histogram(Registry& registry, const std::string& name, const char* help,
                                 const buckets& bounds) {
  return BuildHistogram().Name(name).Help(help).Register(registry).Add({}, bounds);
}

void count(prometheus::Family<prometheus::Counter>& failures, ec reason, double times) {
  failures.Add({{"reason", std::string(to_string(reason))}}).Increment(times);
}

} // namespace

publisher_metrics::publisher_metrics(Registry& registry, const std::string& prefix)
    : published_total(counter(registry, prefix + "_published_total", "Records the broker acknowledged")),
      in_flight(gauge(registry, prefix + "_in_flight", "Records awaiting acknowledgement")),
      in_flight_bytes(gauge(registry, prefix + "_in_flight_bytes", "Payload bytes awaiting acknowledgement")),
      publish_duration_seconds(histogram(registry, prefix + "_publish_duration_seconds",
                                         "From admission to the last acknowledgement of a request",
                                         latency_seconds)) {}

reader_metrics::reader_metrics(Registry& registry)
    : failures_(BuildCounter()
                    .Name("reviews_read_failures_total")
                    .Help("Reads of the database answered with a failure")
                    .Register(registry)),
      in_flight(gauge(registry, "reviews_reads_in_flight", "Reads asked for and not yet answered")),
      duration_seconds(histogram(registry, "reviews_read_duration_seconds",
                                 "One read, from the reader's turn to the database's answer",
                                 latency_seconds)) {
  for (auto reason : {ec::overloaded, ec::unavailable, ec::refused, ec::shutting_down, ec::broken})
    count(failures_, reason, 0);
}

void reader_metrics::count_failure(ec reason) {
  count(failures_, reason, 1);
}

consumer_metrics::consumer_metrics(Registry& registry)
    : consumed_(BuildCounter()
                    .Name("reviews_consumed_total")
                    .Help("Records taken from a partition")
                    .Register(registry)),
      lag_records_(BuildGauge()
                       .Name("reviews_consumer_lag_records")
                       .Help("Records from the first that is not stored to the log's end; NaN while that is "
                             "not known; 0 when not ours")
                       .Register(registry)),
      lag_seconds_(BuildGauge()
                       .Name("reviews_consumer_lag_seconds")
                       .Help("Age of the oldest review held and not yet stored")
                       .Register(registry)),
      paused_(BuildGauge()
                  .Name("reviews_partition_paused")
                  .Help("1 while a partition waits for a retry or is stopped")
                  .Register(registry)),
      held_(BuildGauge()
                .Name("reviews_partition_held_records")
                .Help("Records held between Kafka and the database")
                .Register(registry)),
      held_bytes_(BuildGauge()
                      .Name("reviews_partition_held_bytes")
                      .Help("Payload bytes of those")
                      .Register(registry)),
      stopped_(BuildGauge()
                   .Name("reviews_partition_stopped")
                   .Help("1 while a partition is stopped for good: refused, or its stored offset is gone")
                   .Register(registry)),
      standing_(BuildGauge()
                    .Name("reviews_partition_standing_seconds")
                    .Help("How long the stored offset has not moved though there are records to store")
                    .Register(registry)),
      dead_lettered_(BuildCounter()
                         .Name("reviews_dead_lettered_total")
                         .Help("Records sent to the dead-letter topic")
                         .Register(registry)),
      store_failures_(BuildCounter()
                          .Name("reviews_store_failures_total")
                          .Help("Attempts to store a batch or to read offsets that failed")
                          .Register(registry)),
      stored_total(counter(registry, "reviews_stored_total", "Reviews stored that were new")),
      duplicates_total(counter(registry, "reviews_duplicates_total", "Reviews seen before")),
      notices_withheld_total(counter(registry, "reviews_notices_withheld_total",
                                     "Batches stored untold, as the database's queue of notices fills")),
      rebalances_total(counter(registry, "reviews_rebalances_total", "Assignments and revocations")),
      stuck_total(counter(registry, "reviews_partitions_stuck_total",
                          "Partitions found without any sign of life; their consumer was restarted")),
      end_to_end_seconds(histogram(registry, "reviews_end_to_end_seconds",
                                   "From the producer's taking in to the commit", end_to_end)),
      store_batch_rows(histogram(registry, "reviews_store_batch_rows", "Rows of a transaction", batch_rows)),
      store_duration_seconds(histogram(registry, "reviews_store_duration_seconds",
                                       "From asking WRITER to its answer", latency_seconds)) {
  for (const char* reason : {"not_json", "not_a_review", "null_value", "poisoned"})
    dead_lettered_.Add({{"reason", reason}});
  for (auto reason :
       {ec::unavailable, ec::poisoned, ec::fenced, ec::refused, ec::outcome_unknown, ec::broken})
    count(store_failures_, reason, 0);
}

void consumer_metrics::count_store_failure(ec reason) {
  count(store_failures_, reason, 1);
}

std::vector<std::int32_t> consumer_metrics::known_partitions() {
  std::lock_guard guard(mutex_);
  std::vector<std::int32_t> result;
  for (const auto& [partition, metrics] : partitions_)
    result.push_back(partition);
  return result;
}

partition_metrics& consumer_metrics::of(std::int32_t partition) {
  std::lock_guard guard(mutex_);
  auto found = partitions_.find(partition);
  if (found == partitions_.end()) {
    const prometheus::Labels label{{"partition", std::to_string(partition)}};
    found = partitions_
                .emplace(partition,
                         partition_metrics{consumed_.Add(label), lag_records_.Add(label),
                                           lag_seconds_.Add(label), paused_.Add(label), held_.Add(label),
                                           held_bytes_.Add(label), stopped_.Add(label), standing_.Add(label)})
                .first;
  }
  return found->second;
}

void consumer_metrics::count_dead_letter(const std::string& reason) {
  dead_lettered_.Add({{"reason", reason}}).Increment();
}

void consumer_metrics::observe_end_to_end(const review_rows& rows, timestamp when) {
  std::vector<double> increments(end_to_end.size() + 1);
  double sum = 0;
  for (const auto& each : rows) {
    std::chrono::duration<double> age = std::max(when - each.what.created_at, timestamp::duration(0));
    auto bucket = std::lower_bound(end_to_end.begin(), end_to_end.end(), age.count());
    ++increments[static_cast<std::size_t>(bucket - end_to_end.begin())];
    sum += age.count();
  }
  end_to_end_seconds.ObserveMultiple(increments, sum);
}

supervisor_metrics::supervisor_metrics(Registry& registry)
    : restarts_(BuildCounter()
                    .Name("reviews_supervisor_restarts_total")
                    .Help("Restarts of an actor")
                    .Register(registry)),
      depths_(
          BuildGauge()
              .Name("reviews_mailbox_depth")
              .Help("Messages fetched by an actor and not yet handled; a publisher's carries the posts of a "
                    "turn of the loop")
              .Register(registry)),
      pools_(BuildGauge().Name("reviews_pool_size").Help("Actors of a pool").Register(registry)),
      restarts_left_(gauge(registry, "reviews_supervisor_restarts_left",
                           "Restarts left of the budget; one more than that ends the process")),
      restarts_max_(gauge(registry, "reviews_supervisor_restarts_max", "The budget of restarts")) {}

void supervisor_metrics::add(const std::string& actor) {
  restarts_.Add({{"actor", actor}});
  depths_.Add({{"actor", actor}});
}

void supervisor_metrics::remove(const std::string& actor) {
  depths_.Remove(&depths_.Add({{"actor", actor}}));
}

void supervisor_metrics::count_restart(const std::string& actor) {
  restarts_.Add({{"actor", actor}}).Increment();
}

void supervisor_metrics::set_mailbox_depth(const std::string& actor, double depth) {
  depths_.Add({{"actor", actor}}).Set(depth);
}

void supervisor_metrics::set_pool_size(const std::string& pool, double size) {
  pools_.Add({{"pool", pool}}).Set(size);
}

void supervisor_metrics::set_budget(std::size_t left, std::size_t whole) {
  restarts_left_.Set(static_cast<double>(left));
  restarts_max_.Set(static_cast<double>(whole));
}

void set_gauge(Registry& registry, const std::string& name, const char* help, double value) {
  gauge(registry, name, help).Set(value);
}

void add_process_info(Registry& registry) {
  BuildGauge()
      .Name("reviews_build_info")
      .Help("The version that runs")
      .Register(registry)
      .Add({{"version", REVIEWS_VERSION}})
      .Set(1);
}

config_metrics::config_metrics(Registry& registry)
    : successful_(gauge(registry, "reviews_config_last_reload_successful",
                        "1 when the configuration was last read without mistakes")),
      success_timestamp_seconds_(gauge(registry, "reviews_config_last_reload_success_timestamp_seconds",
                                       "When the configuration in force was read")) {
  count_reload(true);
}

void config_metrics::count_reload(bool is_successful) {
  successful_.Set(is_successful ? 1 : 0);
  if (is_successful)
    success_timestamp_seconds_.Set(
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count());
}

std::string metrics_text(const Registry& registry) {
  return prometheus::TextSerializer().Serialize(registry.Collect());
}

} // namespace reviews
