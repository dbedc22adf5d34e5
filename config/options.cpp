#include "config/options.hpp"

#include "config/member.hpp"

#include <chrono>
#include <initializer_list>
#include <utility>

namespace reviews::config {

namespace {

using namespace std::chrono_literals;

constexpr auto hot = effect::hot;
constexpr auto cold = effect::cold;
constexpr auto any = text_rule::any;
constexpr auto word = text_rule::word;
constexpr auto name = text_rule::name;
constexpr std::int64_t KiB = 1 << 10;
constexpr std::int64_t MiB = 1 << 20;
constexpr std::int64_t GiB = 1 << 30;

constexpr in<producer_settings> producer;
constexpr in<consumer_settings> consumer;
constexpr in<producer_settings, consumer_settings> both;

// Defaults are those of the members: the params structs say them once.
std::vector<option> make_http() {
  return {
      row(
          producer, "http.host", text(1, 255, word), cold, "Address to listen on",
          [](auto& s) -> auto& { return s.http.host; }),
      row(
          producer, "http.port", count(0, 65'535), cold, "Port to listen on; 0: any free one",
          [](auto& s) -> auto& { return s.http.port; }),
      row(
          producer, "http.connections-max", count(1, 1'000'000), cold, "Connections open at once",
          [](auto& s) -> auto& { return s.http.connections_max; }),
      row(
          producer, "http.body-bytes-max", bytes(64, 16 * MiB), cold,
          "Largest body of one review, also once unpacked; then 413",
          [](auto& s) -> auto& { return s.http.body_bytes_max; }),
      row(
          producer, "http.batch-bytes-max", bytes(64, 256 * MiB), cold,
          "Largest body of a batch (NDJSON), also once unpacked; then 413",
          [](auto& s) -> auto& { return s.http.batch_bytes_max; }),
      row(
          producer, "http.batch-reviews-max", count(1, 100'000), cold,
          "Reviews (lines) of one batch; then 413",
          [](auto& s) -> auto& { return s.http.batch_reviews_max; }),
      row(
          producer, "http.bodies-bytes-max", bytes(64, 64 * GiB), cold,
          "Bodies on their way or unpacked, of all connections together; then 503; as much again for answers "
          "not yet taken",
          [](auto& s) -> auto& { return s.http.bodies_bytes_max; }),
  };
}

std::vector<option> make_http_times() {
  return {
      row(
          producer, "http.header-timeout", duration(10ms, 1h), cold,
          "From the first byte of a request to the end of its head; then 408",
          [](auto& s) -> auto& { return s.http.header_timeout; }),
      row(
          producer, "http.body-timeout", duration(10ms, 1h), cold,
          "From there to the end of the body; then 408",
          [](auto& s) -> auto& { return s.http.body_timeout; }),
      row(
          producer, "http.idle-timeout", duration(10ms, 1h), cold,
          "Between two requests; then the connection closes",
          [](auto& s) -> auto& { return s.http.idle_timeout; }),
      row(
          producer, "http.request-timeout", duration(10ms, 1h), cold,
          "From the end of the body to the answer; then 504; longer than Kafka's message.timeout.ms",
          [](auto& s) -> auto& { return s.http.request_timeout; }),
      row(
          producer, "http.cors-allowed-origins", list(64, text_rule::origin), cold,
          "Origins whose pages may call; \"*\": any; none: CORS is off",
          [](auto& s) -> auto& { return s.http.cors_allowed_origins; }),
      row(
          producer, "http.rate-limit", number(0, 1'000'000), hot,
          "Requests a second of one client address; then 429; 0: no limit",
          [](auto& s) -> auto& { return s.http.rate_limit; }),
  };
}

std::vector<option> make_management() {
  return {
      row(
          both, "management.host", text(1, 255, word), cold,
          "Address of /livez, /readyz, /metrics, /config, /actors",
          [](auto& s) -> auto& { return s.management.host; }),
      row(
          both, "management.port", count(0, 65'535), cold, "Port of those; 0: any free one",
          [](auto& s) -> auto& { return s.management.port; }),
  };
}

std::vector<option> make_kafka() {
  return {
      row(
          both, "kafka.bootstrap-servers", text(1, 4'096, word), cold,
          "Brokers to begin with, each host:port, separated by commas",
          [](auto& s) -> auto& { return s.kafka.bootstrap_servers; }),
      row(
          both, "kafka.topic", text(1, 249, name), cold, "Topic of the reviews; must exist",
          [](auto& s) -> auto& { return s.kafka.topic; }),
      row(
          consumer, "kafka.dlq-topic", text(1, 249, name), cold,
          "Topic of records that are no reviews; must exist",
          [](auto& s) -> auto& { return s.kafka.dlq_topic; }),
      row(
          both, "kafka.group-id", text(1, 255, any), cold, "Consumer group; the stored offsets belong to it",
          [](auto& s) -> auto& { return s.kafka.group_id; }),
      row(
          consumer, "kafka.group-instance-id", text(0, 249, name), cold,
          "Stable name of this replica for static membership (KIP-345); empty: none",
          [](auto& s) -> auto& { return s.kafka.group_instance_id; }),
      row(
          both, "kafka.producer", entries(256), cold,
          "Settings of librdkafka's producer as they are, such as \"linger.ms\" = 5",
          [](auto& s) -> auto& { return s.kafka.producer; }),
      row(
          consumer, "kafka.consumer", entries(256), cold,
          "Settings of librdkafka's consumer as they are, such as \"session.timeout.ms\" = 6000",
          [](auto& s) -> auto& { return s.kafka.consumer; }),
  };
}

std::vector<option> make_pools() {
  return {
      row(
          both, "database.url", secret(1, 4'096), cold,
          "Postgres: a URI or keywords, as libpq takes them; its password is masked where shown",
          [](auto& s) -> auto& { return s.database.url; }),
      row(
          both, "database.connect-timeout", duration(1s, 1h), cold, "Longest wait for a connection",
          [](auto& s) -> auto& { return s.database.connect_timeout; }),
      row(
          both, "database.statement-timeout", duration(10ms, 1h), cold, "Longest run of one statement",
          [](auto& s) -> auto& { return s.database.statement_timeout; }),
      row(
          producer, "pool.publishers", count(1, pool_size_max), hot,
          "Publisher actors, each with its own Kafka client", [](auto& s) -> auto& { return s.publishers; }),
      row(
          producer, "pool.readers", count(1, pool_size_max), hot,
          "Reader actors, each with its own database connection; one more listens to commits",
          [](auto& s) -> auto& { return s.readers; }),
      row(
          consumer, "pool.consumers", count(1, pool_size_max), hot,
          "Actors that share the assigned partitions", [](auto& s) -> auto& { return s.consumers; }),
      row(
          consumer, "pool.writers", count(1, pool_size_max), hot,
          "Writer actors, each with its own database connection", [](auto& s) -> auto& { return s.writers; }),
      row(
          both, "scheduler.threads", count(1, 256), cold, "Threads that run sessions and actors",
          [](auto& s) -> auto& { return s.scheduler_threads; }),
  };
}

std::vector<option> make_windows() {
  return {
      row(
          producer, "backpressure.in-flight-reviews-max", count(1, 10'000'000), hot,
          "Reviews that await Kafka's acknowledgement, of all publishers together; then 503",
          [](auto& s) -> auto& { return s.backpressure.in_flight_reviews_max; }),
      row(
          producer, "backpressure.in-flight-bytes-max", bytes(32 * KiB, 16 * GiB), hot,
          "Bytes of those; then 503", [](auto& s) -> auto& { return s.backpressure.in_flight_bytes_max; }),
      row(
          producer, "backpressure.reads-in-flight-max", count(1, 1'000'000), hot,
          "Reads asked for and not yet answered, of all readers together; then 503",
          [](auto& s) -> auto& { return s.reads.in_flight_max; }),
      row(
          consumer, "backpressure.partition-records-max", count(1, 1'000'000), hot,
          "Records of one partition between Kafka and Postgres; then fetching pauses",
          [](auto& s) -> auto& { return s.backpressure.records_max; }),
      row(
          consumer, "backpressure.partition-bytes-max", bytes(32 * KiB, GiB), hot,
          "Bytes of those; then fetching pauses", [](auto& s) -> auto& { return s.backpressure.bytes_max; }),
      row(
          consumer, "batch.records-max", count(1, 10'000), hot, "Records of one transaction",
          [](auto& s) -> auto& { return s.batch.records_max; }),
      row(
          consumer, "batch.bytes-max", bytes(32 * KiB, GiB), hot, "Bytes of those",
          [](auto& s) -> auto& { return s.batch.bytes_max; }),
      row(
          consumer, "batch.linger", duration(0ms, 1min), hot,
          "Longest wait of a record for its batch to fill", [](auto& s) -> auto& { return s.batch.linger; }),
  };
}

std::vector<option> make_feed() {
  return {
      row(
          producer, "feed.listeners-max", count(1, 1'000'000), cold, "Listeners to events at once; then 503",
          [](auto& s) -> auto& { return s.feed.listeners_max; }),
      row(
          producer, "feed.waiters-max", count(1, 1'000'000), cold,
          "Posts that wait for their commit (Prefer: wait) at once; then 202 without waiting",
          [](auto& s) -> auto& { return s.feed.waiters_max; }),
      row(
          producer, "feed.history", count(1, 1'000'000), cold,
          "Review events kept for listeners, of 4 MiB at most; who falls behind further jumps to the newest",
          [](auto& s) -> auto& { return s.feed.history; }),
      row(
          producer, "feed.heartbeat", duration(1s, 1h), cold,
          "Longest silence towards a listener; shorter than the idle timeout of what stands between",
          [](auto& s) -> auto& { return s.feed.heartbeat; }),
  };
}

std::vector<option> make_lifecycle() {
  return {
      row(
          both, "supervision.backoff-min", duration(1ms, 1h), cold, "First pause before a restart or a retry",
          [](auto& s) -> auto& { return s.supervision.backoff_min; }),
      row(
          both, "supervision.backoff-max", duration(1ms, 1h), cold, "Longest pause; it doubles up to here",
          [](auto& s) -> auto& { return s.supervision.backoff_max; }),
      row(
          both, "supervision.restarts-max", count(0, 10'000), cold,
          "Restarts of all actors within the period; one more ends the process with status 70",
          [](auto& s) -> auto& { return s.supervision.restarts_max; }),
      row(
          both, "supervision.restarts-period", duration(1s, 24h), cold, "The period in which restarts count",
          [](auto& s) -> auto& { return s.supervision.restarts_period; }),
      row(
          consumer, "supervision.stuck-after", duration(1s, 1h), cold,
          "How long a partition with work may show no sign of life; then its actor restarts",
          [](auto& s) -> auto& { return s.stuck_after; }),
      row(
          both, "shutdown.drain-timeout", duration(0ms, 1h), cold,
          "From SIGTERM to the end, 2s more at most; shorter than Kubernetes' grace period",
          [](auto& s) -> auto& { return s.drain_timeout; }),
      row(
          both, "log.level", choice({"debug", "info", "warning", "error"}), hot,
          "Least severity that is logged", [](auto& s) -> auto& { return s.log.level; }),
      row(
          both, "log.format", choice({"json", "text"}), cold, "One JSON object a line, or text",
          [](auto& s) -> auto& { return s.log.format; }),
  };
}

} // namespace

const std::vector<option>& options() {
  static const auto table = [] {
    std::vector<option> all;
    for (auto make : {make_http, make_http_times, make_management, make_kafka, make_pools, make_windows,
                      make_feed, make_lifecycle})
      for (auto& made : make())
        all.push_back(std::move(made));
    return all;
  }();
  return table;
}

} // namespace reviews::config
