#pragma once

#include "actors/model/commit_notice.hpp"
#include "actors/model/consumer_report.hpp"
#include "actors/model/partition_log.hpp"
#include "actors/model/stored_review.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace reviews {

/// How fast a count that only grows does so, over the last few seconds.
class growth_rate {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// The count stands at `total`; a smaller one than before starts anew.
  void note(std::int64_t total, time_point now);

  /// A second.
  double value() const;

private:
  std::deque<std::pair<time_point, std::int64_t>> seen_;
};

/// The way of reviews through Kafka and Postgres as a whole, put together from
/// what each of them tells. Time is an argument, so tests own the clock.
class pipeline_view {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// A consumer that was not heard for longer is gone. More than the 2.7 s within
  /// which COMMIT LISTENER notices a silent database, and the second between two
  /// reports: a silence of the database is never taken for one of consumers.
  static constexpr std::chrono::seconds consumer_silence_max{4};
  /// One that is gone is remembered for so long in all, should it be the database
  /// that fell silent.
  static constexpr std::chrono::seconds consumer_memory{8};

  pipeline_view(std::string topic, std::string group) : topic_(std::move(topic)), group_(std::move(group)) {}

  /// What brokers told of the log; the figures stay when they cannot be reached.
  void log_seen(std::vector<partition_log> log, time_point now);
  void log_lost() { is_kafka_reachable_ = false; }

  /// Whether the database tells us of commits. While it does not, consumers are
  /// as they were: they cannot be heard.
  void database_changed(bool is_reachable, time_point now);

  /// A batch was committed.
  void stored(const commit_notice& what, time_point now);

  /// The stored offsets as read; what was committed since `asked_at` is newer.
  void offsets_read(const std::vector<stored_offset>& offsets, time_point asked_at);

  /// A consumer told of itself, perhaps in several parts. A report that was
  /// overtaken by a newer one is passed over.
  void reported(const consumer_report& what, time_point now);

  /// All of it as JSON.
  std::string to_json(timestamp at, std::size_t listeners, time_point now);

private:
  struct progress {
    std::int64_t next_offset = 0;
    time_point moved_at{}; ///< By a notice.
  };

  struct consumer {
    timestamp report_at{};
    std::size_t rebalances = 0;
    std::map<std::int32_t, partition_report> partitions;
    time_point heard_at{};
    bool is_gone = false;
  };

  struct owner {
    const std::string* name = nullptr;
    const partition_report* what = nullptr;
  };

  void judge_silence(time_point now);
  void note_offset(std::int32_t partition, std::int64_t next_offset, time_point now);
  owner owner_of(std::int32_t partition) const;
  void append_partition(std::string& out, std::int32_t partition, const partition_log& log) const;
  void append_consumers(std::string& out) const;

  std::string topic_;
  std::string group_;
  std::vector<partition_log> log_;
  bool is_kafka_reachable_ = false;
  bool is_database_reachable_ = false;
  std::map<std::int32_t, progress> stored_;
  std::map<std::string, consumer> consumers_;
  std::int64_t stored_total_ = 0;
  growth_rate stored_rate_;
  growth_rate published_rate_;
};

} // namespace reviews
