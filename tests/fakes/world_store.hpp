#pragma once

#include "actors/model/review_json.hpp"
#include "actors/ports/review_store.hpp"
#include "tests/fakes/fake_world.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace reviews {

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

} // namespace reviews
