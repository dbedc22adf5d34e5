#pragma once

#include "actors/ports/consumer_client.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace reviews {

/// A record of a fake log.
class fake_fetched_record final : public fetched_record {
public:
  fake_fetched_record(std::int64_t offset, record what) : offset_(offset), what_(std::move(what)) {}
  std::int64_t offset() const override { return offset_; }
  std::optional<std::string_view> key() const override { return what_.key; }
  std::optional<std::string_view> value() const override { return what_.value; }
  record copy() const override { return what_; }

private:
  std::int64_t offset_;
  record what_;
};

/// One partition's log, begun at `begin`, with gaps where offsets are left out.
struct fake_log {
  std::map<std::int64_t, record> records;
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::function<void()> wake;

  void append(record what) {
    records.emplace(end++, std::move(what));
    if (wake)
      wake();
  }
};

class fake_partition_queue final : public partition_queue {
public:
  fake_partition_queue(std::shared_ptr<fake_log> log, std::int64_t from)
      : log_(std::move(log)), next_(from) {}
  ~fake_partition_queue() override { log_->wake = nullptr; }

  void on_ready(std::function<void()> wake) override { log_->wake = std::move(wake); }

  pulled pull(std::size_t records_max, const std::function<void(const fetched_record&)>& visit) override {
    pulled result;
    largest_pull = std::max(largest_pull, records_max);
    if (next_ < log_->begin || next_ > log_->end) {
      result.problem = failure{ec::offset_gone, "offset: out of range", {}};
      return result;
    }
    for (auto it = log_->records.lower_bound(next_);
         it != log_->records.end() && result.records_count < records_max; ++it) {
      visit(fake_fetched_record(it->first, it->second));
      next_ = it->first + 1;
      ++result.records_count;
    }
    return result;
  }

  std::int64_t end_offset() const override { return log_->end; }
  bool holds_work(std::int64_t stored_offset) const override {
    return next_ > stored_offset || log_->records.lower_bound(next_) != log_->records.end();
  }

  std::size_t largest_pull = 0;

private:
  std::shared_ptr<fake_log> log_;
  std::int64_t next_;
};

/// A group coordinator in a test's hands.
struct fake_group {
  std::map<std::int32_t, std::shared_ptr<fake_log>> logs;
  std::vector<consumer_event> events;
  std::function<void()> wake;
  std::vector<std::pair<std::int32_t, std::optional<std::int64_t>>> started;
  std::vector<std::int32_t> stopped;
  std::vector<std::int32_t> released;
  std::map<std::int32_t, std::int64_t> committed;
  bool is_closed = false;
  std::size_t clients_count = 0;

  std::shared_ptr<fake_log> log(std::int32_t partition) {
    auto& found = logs[partition];
    if (!found)
      found = std::make_shared<fake_log>();
    return found;
  }

  void tell(consumer_event what) {
    events.push_back(std::move(what));
    if (wake)
      wake();
  }
};

class fake_consumer_client final : public consumer_client {
public:
  explicit fake_consumer_client(std::shared_ptr<fake_group> group) : group_(std::move(group)) {}
  ~fake_consumer_client() override { group_->wake = nullptr; }

  void on_events(std::function<void()> wake) override { group_->wake = std::move(wake); }
  std::vector<consumer_event> take_events() override { return std::exchange(group_->events, {}); }

  outcome<std::shared_ptr<partition_queue>> start(std::int32_t partition,
                                                  std::optional<std::int64_t> from) override {
    group_->started.emplace_back(partition, from);
    auto log = group_->log(partition);
    return std::shared_ptr<partition_queue>(
        std::make_shared<fake_partition_queue>(log, from.value_or(log->begin)));
  }

  void stop(std::int32_t partition) override { group_->stopped.push_back(partition); }
  void release(const std::vector<std::int32_t>& partitions) override {
    group_->released.insert(group_->released.end(), partitions.begin(), partitions.end());
  }
  void commit(const std::vector<std::pair<std::int32_t, std::int64_t>>& next_offsets) override {
    for (const auto& [partition, offset] : next_offsets)
      group_->committed[partition] = offset;
  }
  outcome<offset_range> range_of(std::int32_t partition, std::chrono::milliseconds) override {
    return offset_range{group_->log(partition)->begin, group_->log(partition)->end};
  }
  outcome<std::int32_t> partition_count(std::chrono::milliseconds) override {
    return static_cast<std::int32_t>(group_->logs.size());
  }
  void close(std::chrono::milliseconds) override { group_->is_closed = true; }

private:
  std::shared_ptr<fake_group> group_;
};

inline consumer_client_factory make_fake_consumer_factory(std::shared_ptr<fake_group> group) {
  return [group]() -> outcome<consumer_client_ptr> {
    ++group->clients_count;
    return consumer_client_ptr(std::make_unique<fake_consumer_client>(group));
  };
}

} // namespace reviews
