#include "kafka/settings.hpp"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <utility>

namespace reviews::kafka {
namespace {

using pair = std::pair<std::string_view, std::string_view>;

constexpr std::array aliases = {
    pair{"request.required.acks", "acks"},
    pair{"metadata.broker.list", "bootstrap.servers"},
    pair{"delivery.timeout.ms", "message.timeout.ms"},
    pair{"queue.buffering.max.ms", "linger.ms"},
    pair{"max.in.flight.requests.per.connection", "max.in.flight"},
    pair{"max.partition.fetch.bytes", "fetch.message.max.bytes"},
    pair{"compression.type", "compression.codec"},
    pair{"retries", "message.send.max.retries"},
    pair{"auto.commit.enable", "enable.auto.commit"},
};

constexpr std::array producer_forced = {
    pair{"enable.idempotence", "true"},
    pair{"acks", "all"},
    pair{"partitioner", "murmur2_random"},
};

constexpr std::array consumer_forced = {
    pair{"enable.auto.commit", "false"},       pair{"enable.auto.offset.store", "false"},
    pair{"auto.offset.reset", "error"},        pair{"partition.assignment.strategy", "cooperative-sticky"},
    pair{"isolation.level", "read_committed"}, pair{"enable.partition.eof", "false"},
};

/// Settings with a key of their own, or that have no place here.
constexpr std::array elsewhere = {
    pair{"bootstrap.servers", "kafka.bootstrap-servers"},
    pair{"group.id", "kafka.group-id"},
    pair{"group.instance.id", "kafka.group-instance-id"},
    pair{"transactional.id", "no transactions"},
};

constexpr std::array common_defaults = {
    pair{"client.id", "reviews"},
    pair{"socket.keepalive.enable", "true"},
    // A peer that went silent, not one that refuses: default 60 s and 30 s.
    pair{"socket.timeout.ms", "10000"},
    pair{"socket.connection.setup.timeout.ms", "5000"},
    // A broker that returns is found within a second; the default waits up to 10.
    pair{"reconnect.backoff.ms", "50"},
    pair{"reconnect.backoff.max.ms", "1000"},
    // Added partitions show within a minute.
    pair{"topic.metadata.refresh.interval.ms", "60000"},
    pair{"log.connection.close", "false"},
};

constexpr std::array producer_defaults = {
    // Sends at once when nothing is under way, gathers while requests are: see README.md.
    pair{"linger.ms", "0"},
    pair{"max.in.flight", "2"},
    // Shorter than http.request-timeout (10 s): its 504 follows ours.
    pair{"message.timeout.ms", "5000"},
    pair{"request.timeout.ms", "4000"},
    pair{"retry.backoff.ms", "50"},
    // Wider than the publishers' window, which answers first; still a bound.
    pair{"queue.buffering.max.messages", "100000"},
    pair{"queue.buffering.max.kbytes", "131072"},
};

constexpr std::array consumer_defaults = {
    // A killed replica's partitions are free after 6 s (Kafka's least).
    pair{"session.timeout.ms", "6000"},
    // How soon members learn of a rebalance.
    pair{"heartbeat.interval.ms", "500"},
    // How long a revoked partition may take to finish its batches (KIP-62).
    pair{"max.poll.interval.ms", "60000"},
    // A newly started partition waits for the fetch under way.
    pair{"fetch.wait.max.ms", "100"},
    pair{"fetch.max.bytes", "8388608"},
    pair{"fetch.error.backoff.ms", "100"},
    pair{"allow.auto.create.topics", "false"},
};

constexpr std::array reader_defaults = {
    pair{"fetch.wait.max.ms", "100"},
    pair{"queued.min.messages", "1000000"},
    pair{"queued.max.messages.kbytes", "131072"},
    pair{"allow.auto.create.topics", "false"},
};

template <class Table>
void append(std::vector<setting>& out, const Table& table) {
  for (const auto& [name, value] : table)
    out.push_back({std::string(name), std::string(value)});
}

/// True when librdkafka reads both alike: booleans in any spelling, acks `-1` for `all`.
bool means_the_same(std::string_view given, std::string_view forced) {
  std::string lower(given);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : char(c); });
  if (forced == "true")
    return lower == "true" || lower == "t" || lower == "1";
  if (forced == "false")
    return lower == "false" || lower == "f" || lower == "0";
  return lower == forced || (forced == "all" && lower == "-1");
}

template <class Table>
const pair* find(const Table& table, std::string_view name) {
  const auto i = std::find_if(table.begin(), table.end(), [&](const pair& p) { return p.first == name; });
  return i == table.end() ? nullptr : &*i;
}

void append_queue_bounds(std::vector<setting>& out, const kafka_params& params) {
  const auto records = std::clamp<std::size_t>(params.partition_records_max, 1, 10'000'000);
  const auto kbytes = std::clamp<std::size_t>(params.partition_bytes_max / 1024, 1, 2'097'151);
  const auto fetch = std::clamp<std::size_t>(params.partition_bytes_max, 1024, 1u << 20);
  out.push_back({"queued.min.messages", std::to_string(records)});
  out.push_back({"queued.max.messages.kbytes", std::to_string(kbytes)});
  out.push_back({"fetch.message.max.bytes", std::to_string(fetch)});
  // How soon librdkafka looks again at a queue that was full; default 1 s. Before 2.2: fetch_reminder.hpp.
  out.push_back({"fetch.queue.backoff.ms", "10", true});
}

} // namespace

std::string_view table_name(role r) noexcept {
  return r == role::producer || r == role::admin ? "kafka.producer" : "kafka.consumer";
}

const std::map<std::string, std::string>& user_settings(const kafka_params& params, role r) noexcept {
  return r == role::producer || r == role::admin ? params.producer : params.consumer;
}

std::string_view canonical_name(std::string_view name) noexcept {
  const auto* known = find(aliases, name);
  return known ? known->second : name;
}

std::vector<setting> forced_settings(const kafka_params& params, role r) {
  std::vector<setting> result{{"bootstrap.servers", params.bootstrap_servers}};
  if (r == role::producer)
    append(result, producer_forced);
  if (r == role::consumer || r == role::reader) {
    append(result, consumer_forced);
    result.push_back({"group.id", params.group_id});
  }
  if (r == role::consumer && !params.group_instance_id.empty())
    result.push_back({"group.instance.id", params.group_instance_id});
  if (r == role::reader)
    result.push_back({"enable.partition.eof", "true"});
  return result;
}

std::vector<setting> default_settings(const kafka_params& params, role r) {
  std::vector<setting> result;
  append(result, common_defaults);
  if (r == role::producer)
    append(result, producer_defaults);
  if (r == role::consumer) {
    append(result, consumer_defaults);
    append_queue_bounds(result, params);
  }
  if (r == role::reader)
    append(result, reader_defaults);
  return result;
}

std::optional<std::string> broken_rule(std::string_view name, std::string_view value, role r) {
  const auto canonical = canonical_name(name);
  const std::string subject = std::string(table_name(r)) + "." + std::string(name);
  if (const auto* other = find(elsewhere, canonical))
    return subject + ": expected not to be set (" + std::string(other->second) + "), got a value";
  const bool consumes = r == role::consumer || r == role::reader;
  const auto* forced = consumes ? find(consumer_forced, canonical) : find(producer_forced, canonical);
  if (forced && !means_the_same(value, forced->second))
    return subject + ": expected not to be set, or " + std::string(forced->second) + ", got " +
           std::string(value);
  return std::nullopt;
}

} // namespace reviews::kafka
