#pragma once

#include "actors/ports/producer_client.hpp"
#include "tests/fakes/fake_consumer_client.hpp"
#include "tests/fakes/fake_world.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace reviews {

class world_queue final : public partition_queue {
public:
  world_queue(fake_world& world, std::int32_t partition, std::int64_t from)
      : world_(world), partition_(partition), next_(from), id_(++world.last_queue) {}
  ~world_queue() override { world_.wakes.erase({partition_, id_}); }

  void on_ready(std::function<void()> wake) override { world_.wakes[{partition_, id_}] = std::move(wake); }

  pulled pull(std::size_t records_max, const std::function<void(const fetched_record&)>& visit) override {
    pulled result;
    const auto& log = world_.logs[static_cast<std::size_t>(partition_)];
    while (result.records_count < records_max && next_ < static_cast<std::int64_t>(log.size())) {
      visit(fake_fetched_record(next_, log[static_cast<std::size_t>(next_)]));
      ++next_;
      ++result.records_count;
    }
    return result;
  }

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
