#pragma once

#include "actors/model/review_json.hpp"
#include "actors/ports/consumer_client.hpp"
#include "actors/ports/producer_client.hpp"
#include "actors/ports/review_store.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace reviews {

/// Kafka and Postgres for the deterministic replay: a topic, a group of
/// members and a database that keep the real ones' promises and fail as a
/// seeded generator says. Checks on the way that offsets never move back.
struct fake_world {
  explicit fake_world(std::uint32_t seed, std::int32_t partitions) : random(seed), logs(partitions) {}

  bool chance(double p) { return std::uniform_real_distribution<>(0, 1)(random) < p; }
  std::size_t pick(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
  }
  void note(std::string what) { trace.push_back(std::move(what)); }
  void broken(std::string what) { violations.push_back(std::move(what)); }

  void append(std::int32_t partition, record what) {
    logs[static_cast<std::size_t>(partition)].push_back(std::move(what));
    for (auto& [queue, wake] : wakes)
      if (queue.first == partition && wake)
        wake();
  }

  // -- the topic --------------------------------------------------------------
  std::minstd_rand random;
  std::vector<std::vector<record>> logs;
  std::map<std::pair<std::int32_t, std::uint64_t>, std::function<void()>> wakes; ///< By partition and queue.
  std::uint64_t last_queue = 0;
  std::vector<record> dead_letters;

  // -- the group --------------------------------------------------------------
  struct member {
    std::vector<consumer_event> events;
    std::function<void()> wake;
    std::set<std::int32_t> assigned; ///< As this member sees it.
    bool is_alive = false;
    bool is_releasing = false; ///< The group says nothing more before the release.

    void tell(consumer_event what) {
      events.push_back(std::move(what));
      if (wake)
        wake();
    }
  };
  std::vector<member> members{2};
  std::map<std::int32_t, std::size_t> owner;                 ///< As the group sees it.
  std::map<std::int32_t, std::size_t> moving;                ///< To whom, once released.
  std::vector<std::pair<std::size_t, std::int32_t>> zombies; ///< Members that do not know yet.

  void assign(std::int32_t partition, std::size_t to) {
    owner[partition] = to;
    members[to].tell(partitions_assigned{{partition}});
  }

  // -- the database -----------------------------------------------------------
  std::map<std::string, std::pair<std::int32_t, std::int64_t>> rows; ///< Place by review_id.
  std::map<std::int32_t, std::int64_t> offsets;
  double database_fault = 0;
  double broker_fault = 0;

  std::vector<std::string> trace;
  std::vector<std::string> violations;
};

/// The last range of each partition whose answer was lost: `from_offset` and `next_offset`.
using world_lost_answers = std::map<std::int32_t, std::pair<std::optional<std::int64_t>, std::int64_t>>;

/// A database session. Those of a process share their memory of lost answers, as the real stores do.
class world_store final : public review_store {
public:
  world_store(fake_world& world, world_lost_answers& lost) : world_(world), lost_(lost) {}

  outcome<batch_counts> store(const review_batch& batch) override {
    if (world_.chance(world_.database_fault))
      return failure{ec::unavailable, "08006", {}};
    auto found = world_.offsets.find(batch.partition);
    const auto stored = found == world_.offsets.end() ? std::nullopt : std::optional(found->second);
    auto lost = lost_.find(batch.partition);
    if (lost != lost_.end() && lost->second == std::pair(batch.from_offset, batch.next_offset) &&
        stored == batch.next_offset)
      return batch_counts{batch.rows.size(), 0};
    if (stored != batch.from_offset)
      return failure{ec::fenced, "offset: expected another", {}};
    for (const auto& each : batch.rows)
      if (each.what.author == "poison")
        return failure{ec::poisoned, "22021", {}};
    return apply(batch, stored.value_or(0));
  }

  outcome<std::vector<std::optional<std::int64_t>>>
  stored_offsets(const std::vector<std::int32_t>& partitions) override {
    if (world_.chance(world_.database_fault))
      return failure{ec::unavailable, "08006", {}};
    std::vector<std::optional<std::int64_t>> result;
    for (auto each : partitions) {
      auto found = world_.offsets.find(each);
      result.push_back(found == world_.offsets.end() ? std::nullopt : std::optional(found->second));
    }
    return result;
  }

  outcome<void> report(const std::vector<std::string>&) override { return boost::system::in_place_value; }

  outcome<void> check_schema() override { return boost::system::in_place_value; }

private:
  outcome<batch_counts> apply(const review_batch& batch, std::int64_t stored) {
    batch_counts counts;
    auto last = stored - 1;
    for (const auto& each : batch.rows) {
      if (each.offset <= last || each.offset >= batch.next_offset)
        world_.broken("a row is out of its batch's order");
      last = each.offset;
      ++(world_.rows.emplace(to_string(each.what.id), std::pair(batch.partition, each.offset)).second
             ? counts.inserted
             : counts.duplicates);
    }
    if (batch.next_offset < stored)
      world_.broken("an offset moved back");
    world_.offsets[batch.partition] = batch.next_offset;
    if (world_.chance(world_.database_fault)) { // committed, but the answer is lost
      lost_[batch.partition] = {batch.from_offset, batch.next_offset};
      return failure{ec::unavailable, "08006", {}};
    }
    return counts;
  }

  fake_world& world_;
  world_lost_answers& lost_;
};

class world_queue final : public partition_queue {
public:
  world_queue(fake_world& world, std::int32_t partition, std::int64_t from)
      : world_(world), partition_(partition), next_(from), id_(++world.last_queue) {}
  ~world_queue() override { world_.wakes.erase({partition_, id_}); }

  void on_ready(std::function<void()> wake) override { world_.wakes[{partition_, id_}] = std::move(wake); }

  pulled pull(std::size_t records_max, const std::function<void(const fetched_record&)>& visit) override;

  bool holds_work(std::int64_t stored_offset) const override { return end_offset() > stored_offset; }

  std::int64_t end_offset() const override {
    return static_cast<std::int64_t>(world_.logs[static_cast<std::size_t>(partition_)].size());
  }

private:
  fake_world& world_;
  std::int32_t partition_;
  std::int64_t next_;
  std::uint64_t id_;
};

class world_record final : public fetched_record {
public:
  world_record(std::int64_t offset, const record& what) : offset_(offset), what_(what) {}
  std::int64_t offset() const override { return offset_; }
  std::optional<std::string_view> key() const override { return what_.key; }
  std::optional<std::string_view> value() const override { return what_.value; }
  record copy() const override { return what_; }

private:
  std::int64_t offset_;
  const record& what_;
};

inline pulled world_queue::pull(std::size_t records_max,
                                const std::function<void(const fetched_record&)>& visit) {
  pulled result;
  const auto& log = world_.logs[static_cast<std::size_t>(partition_)];
  while (result.records_count < records_max && next_ < static_cast<std::int64_t>(log.size())) {
    visit(world_record(next_, log[static_cast<std::size_t>(next_)]));
    ++next_;
    ++result.records_count;
  }
  return result;
}

/// One member of the group. A crash of its owner hands its partitions to the other member.
class world_consumer final : public consumer_client {
public:
  world_consumer(fake_world& world, std::size_t index) : world_(world), index_(index) {
    auto& me = world_.members[index_];
    me.is_alive = true;
    me.is_releasing = false;
    me.assigned.clear();
    me.events.clear();
    for (std::size_t p = 0; p < world_.logs.size(); ++p)
      if (auto partition = static_cast<std::int32_t>(p); !world_.owner.contains(partition))
        world_.assign(partition, index_);
  }

  ~world_consumer() override {
    auto& me = world_.members[index_];
    me.is_alive = false;
    me.wake = nullptr;
    me.events.clear();
    me.assigned.clear();
    std::erase_if(world_.zombies, [&](const auto& each) { return each.first == index_; });
    const auto other = 1 - index_;
    for (std::size_t p = 0; p < world_.logs.size(); ++p) {
      auto partition = static_cast<std::int32_t>(p);
      auto found = world_.owner.find(partition);
      if (found == world_.owner.end() || found->second != index_)
        continue;
      world_.moving.erase(partition);
      if (world_.members[other].is_alive)
        world_.assign(partition, other);
      else
        world_.owner.erase(found);
    }
  }

  void on_events(std::function<void()> wake) override {
    world_.members[index_].wake = std::move(wake);
    if (!world_.members[index_].events.empty())
      world_.members[index_].wake();
  }
  std::vector<consumer_event> take_events() override {
    auto& me = world_.members[index_];
    std::vector<consumer_event> result;
    while (!me.events.empty() && !me.is_releasing) {
      result.push_back(std::move(me.events.front()));
      me.events.erase(me.events.begin());
      if (auto* given = std::get_if<partitions_assigned>(&result.back()))
        me.assigned.insert(given->partitions.begin(), given->partitions.end());
      me.is_releasing = std::holds_alternative<partitions_revoked>(result.back());
    }
    return result;
  }

  outcome<std::shared_ptr<partition_queue>> start(std::int32_t partition,
                                                  std::optional<std::int64_t> from) override {
    if (!world_.members[index_].assigned.contains(partition))
      return failure{ec::unavailable, "partition: expected it assigned", {}};
    return std::shared_ptr<partition_queue>(
        std::make_shared<world_queue>(world_, partition, from.value_or(0)));
  }

  void stop(std::int32_t) override {}

  void release(const std::vector<std::int32_t>& partitions) override {
    auto& me = world_.members[index_];
    me.is_releasing = false;
    if (!me.events.empty() && me.wake)
      me.wake();
    for (auto partition : partitions) {
      me.assigned.erase(partition);
      auto found = world_.moving.find(partition);
      if (found == world_.moving.end() || world_.owner[partition] != index_)
        continue;
      auto to = world_.members[found->second].is_alive ? found->second : index_;
      world_.moving.erase(found);
      world_.assign(partition, to);
    }
  }

  void commit(const std::vector<std::pair<std::int32_t, std::int64_t>>&) override {}
  outcome<offset_range> range_of(std::int32_t partition, std::chrono::milliseconds) override {
    return offset_range{0,
                        static_cast<std::int64_t>(world_.logs[static_cast<std::size_t>(partition)].size())};
  }
  outcome<std::int32_t> partition_count(std::chrono::milliseconds) override {
    return static_cast<std::int32_t>(world_.logs.size());
  }
  void close(std::chrono::milliseconds) override {}

private:
  fake_world& world_;
  std::size_t index_;
};

/// A producer whose records are written, or not, when the world says so.
class world_producer final : public producer_client {
public:
  world_producer(fake_world& world, bool is_for_dead_letters)
      : world_(world), is_for_dead_letters_(is_for_dead_letters) {}

  void on_deliveries(std::function<void()> wake) override { wake_ = std::move(wake); }

  outcome<void> produce(record&& r, std::uint64_t token) override {
    const bool is_lost = world_.chance(world_.broker_fault);
    const bool is_written = !is_lost || world_.chance(0.5);
    outcome<receipt> result = failure{is_written ? ec::outcome_unknown : ec::unavailable, "broker: away", {}};
    if (is_written) {
      auto place = write(std::move(r));
      if (!is_lost)
        result = place;
    }
    ready_.push_back({token, std::move(result)});
    if (ready_.size() == 1 && wake_)
      wake_();
    return boost::system::in_place_value;
  }

  void take_deliveries(std::vector<delivery>& out) override {
    for (auto& each : ready_)
      out.push_back(std::move(each));
    ready_.clear();
  }

  std::optional<failure> end_reason() const override { return std::nullopt; }

  outcome<std::int32_t> partition_count(std::chrono::milliseconds) override {
    return static_cast<std::int32_t>(world_.logs.size());
  }

private:
  receipt write(record&& r) {
    if (is_for_dead_letters_) {
      world_.dead_letters.push_back(std::move(r));
      return {0, static_cast<std::int64_t>(world_.dead_letters.size()) - 1};
    }
    auto partition =
        static_cast<std::int32_t>(std::hash<std::string>{}(r.key.value_or("")) % world_.logs.size());
    world_.append(partition, std::move(r));
    return {partition,
            static_cast<std::int64_t>(world_.logs[static_cast<std::size_t>(partition)].size()) - 1};
  }

  fake_world& world_;
  bool is_for_dead_letters_;
  std::function<void()> wake_;
  std::vector<delivery> ready_;
};

} // namespace reviews
