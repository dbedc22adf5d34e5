#pragma once

#include "deploy/reviewctl/dead_letter_index.hpp"
#include "deploy/reviewctl/partition_view.hpp"
#include "kafka/group.hpp"
#include "kafka/topics.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reviews::ctl {

/// One partition on its way from the topic to the tables.
struct partition_status {
  partition_view view;
  kafka::partition_home home;
  std::optional<std::size_t> owner;   ///< Index of a member of the group.
  std::int64_t lag_records = 0;       ///< Not stored yet; 0 also where only a transaction's markers are left.
  std::chrono::seconds lag_time{0};   ///< Age of the oldest record that is not stored yet.
  std::size_t dead_letters_count = 0; ///< Open ones whose record stands here.
  std::string trouble;                ///< Why it stands still; empty: it does not.
};

/// The pipeline at about one moment.
struct pipeline_status {
  std::string topic;
  std::string group_id;
  kafka::group_description group;
  std::vector<partition_status> partitions; ///< Index: partition.
  std::size_t dead_letters_count = 0;       ///< Open ones, also of unknown origin.
  bool stands_still() const;
};

/// Why a partition stands still at `now`; empty when it does not. A consumer that
/// has moved its offset within `patience` is at work, however far behind.
std::string trouble_of(const partition_status& what, timestamp now, std::chrono::seconds patience);

/// Looks at the pipeline time and again; the dead-letter topic is walked once,
/// later looks read what is new.
class pipeline_watch {
public:
  pipeline_watch(server_settings servers, std::chrono::seconds patience)
      : servers_(std::move(servers)), patience_(patience), letters_(dead_letter_filter{}) {}

  /// Fails with `unavailable` or `refused`.
  outcome<pipeline_status> look();

private:
  outcome<void> look_at_oldest(std::vector<partition_status>& partitions, timestamp now) const;
  outcome<void> look_at_dead_letters(pipeline_status& into);

  server_settings servers_;
  std::chrono::seconds patience_;
  dead_letter_index letters_;
  std::vector<offset_range> letters_seen_;
};

} // namespace reviews::ctl
