#include "config/checks.hpp"

#include "config/convert.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

namespace reviews::config {

namespace {

using std::chrono::milliseconds;

/// Room for what a record holds beside the posted bytes: id, time, key and headers.
constexpr std::size_t record_overhead_bytes = 1'024;

/// What kafka/ gives librdkafka when `message.timeout.ms` is not set.
constexpr std::int64_t message_timeout_default_ms = 5'000;

/// Two or more keys that must go together.
struct relation {
  bool holds = false;
  std::vector<std::string> keys; ///< The first one is the text's subject.
  std::string expected;          ///< `at least …`
  std::string got;
};

std::string time_text(milliseconds time) {
  return format_duration(time.count());
}

std::string size_text(std::size_t bytes) {
  return format_bytes(static_cast<std::int64_t>(bytes));
}

relation backoff(const supervision_params& of) {
  return {of.backoff_min <= of.backoff_max,
          {"supervision.backoff-max", "supervision.backoff-min"},
          "at least supervision.backoff-min (" + time_text(of.backoff_min) + ")",
          time_text(of.backoff_max)};
}

/// librdkafka's `message.timeout.ms` and the key that sets it (it has an alias); nothing when it is
/// no number, which is librdkafka's to refuse.
std::pair<std::string, std::optional<std::int64_t>> message_timeout(const kafka_params& kafka) {
  for (const auto* name : {"message.timeout.ms", "delivery.timeout.ms"}) {
    const auto found = kafka.producer.find(name);
    if (found == kafka.producer.end())
      continue;
    const auto& text = found->second;
    std::int64_t parsed = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return {std::string("kafka.producer.") + name, whole ? std::optional(parsed) : std::nullopt};
  }
  return {"kafka.producer.message.timeout.ms", message_timeout_default_ms};
}

std::vector<relation> relations(const producer_settings& of) {
  const auto reviews_least = of.http.batch_reviews_max * of.publishers;
  const auto one_batch = std::max(of.http.batch_bytes_max + of.http.batch_reviews_max * record_overhead_bytes,
                                  of.http.body_bytes_max + record_overhead_bytes);
  const auto [timeout_key, timeout_ms] = message_timeout(of.kafka);
  const auto request_ms = of.http.request_timeout.count();
  return {
      backoff(of.supervision),
      {of.http.bodies_bytes_max >= std::max(of.http.batch_bytes_max, of.http.body_bytes_max),
       {"http.bodies-bytes-max", "http.batch-bytes-max", "http.body-bytes-max"},
       "at least http.batch-bytes-max and http.body-bytes-max",
       std::to_string(of.http.bodies_bytes_max)},
      {of.backpressure.in_flight_reviews_max >= reviews_least,
       {"backpressure.in-flight-reviews-max", "http.batch-reviews-max", "pool.publishers"},
       "at least http.batch-reviews-max x pool.publishers (" + std::to_string(reviews_least) + ")",
       std::to_string(of.backpressure.in_flight_reviews_max)},
      {of.backpressure.in_flight_bytes_max >= one_batch * of.publishers,
       {"backpressure.in-flight-bytes-max", "http.batch-bytes-max", "http.body-bytes-max",
        "http.batch-reviews-max", "pool.publishers"},
       "at least one batch with 1KiB a review beside its bytes, x pool.publishers (" +
           std::to_string(one_batch * of.publishers) + ")",
       std::to_string(of.backpressure.in_flight_bytes_max)},
      {!timeout_ms || (*timeout_ms > 0 && *timeout_ms < request_ms),
       {timeout_key, "http.request-timeout"},
       "1 to less than http.request-timeout (" + std::to_string(request_ms) + "), in ms",
       std::to_string(timeout_ms.value_or(0))},
      {of.drain_timeout >= of.http.request_timeout,
       {"shutdown.drain-timeout", "http.request-timeout"},
       "at least http.request-timeout (" + time_text(of.http.request_timeout) + ")",
       time_text(of.drain_timeout)},
  };
}

std::vector<relation> relations(const consumer_settings& of) {
  return {
      backoff(of.supervision),
      {of.batch.records_max <= of.backpressure.records_max,
       {"batch.records-max", "backpressure.partition-records-max"},
       "at most backpressure.partition-records-max (" + std::to_string(of.backpressure.records_max) + ")",
       std::to_string(of.batch.records_max)},
      {of.batch.bytes_max <= of.backpressure.bytes_max,
       {"batch.bytes-max", "backpressure.partition-bytes-max"},
       "at most backpressure.partition-bytes-max (" + size_text(of.backpressure.bytes_max) + ")",
       size_text(of.batch.bytes_max)},
      {of.stuck_after > of.database.statement_timeout,
       {"supervision.stuck-after", "database.statement-timeout"},
       "more than database.statement-timeout (" + time_text(of.database.statement_timeout) + ")",
       time_text(of.stuck_after)},
      {of.drain_timeout >= of.database.statement_timeout,
       {"shutdown.drain-timeout", "database.statement-timeout"},
       "at least database.statement-timeout (" + time_text(of.database.statement_timeout) + ")",
       time_text(of.drain_timeout)},
  };
}

} // namespace

std::vector<mistake> check_together(const any_settings& settings, const sources& from,
                                    const std::set<std::string>& bad) {
  std::vector<mistake> found;
  for (const auto& each : std::visit([](const auto& of) { return relations(of); }, settings)) {
    const bool judged =
        std::none_of(each.keys.begin(), each.keys.end(), [&](const auto& key) { return bad.count(key) > 0; });
    if (!each.holds && judged)
      found.push_back({each.keys.front(),
                       located(from, each.keys,
                               each.keys.front() + ": expected " + each.expected + ", got " + each.got)});
  }
  return found;
}

std::string located(const sources& from, const std::vector<std::string>& keys, const std::string& text) {
  for (const auto& key : keys)
    if (const auto found = from.find(key); found != from.end()) {
      const auto& where = found->second.where;
      const auto subject = keys.front() + ": ";
      const bool named = where == "command line --" + keys.front() ||
                         where == "environment " + environment_name(keys.front());
      return where + ": " + (named && text.rfind(subject, 0) == 0 ? text.substr(subject.size()) : text);
    }
  return "default: " + text;
}

} // namespace reviews::config
