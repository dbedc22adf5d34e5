#pragma once

#include "actors/ports/review_store.hpp"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace reviews {

/// A database in a test's hands, with the compare-and-set and the primary key of the real one.
struct fake_database {
  std::map<std::string, review> rows;
  std::map<std::int32_t, std::int64_t> offsets;
  std::deque<failure> failures;        ///< Of the next calls to `store`.
  std::deque<failure> offset_failures; ///< Of the next calls to `stored_offsets`.
  std::set<std::string> poison;        ///< Authors whose rows can never be stored.
  std::vector<std::size_t> batch_sizes;
  std::vector<std::string> notices;              ///< Of the batches stored, in their order.
  std::vector<std::vector<std::string>> reports; ///< The payloads of each.
  std::deque<failure> report_failures;           ///< Of the next calls to `report`.
  bool throws_next = false;
};

class fake_review_store final : public review_store {
public:
  explicit fake_review_store(std::shared_ptr<fake_database> database) : database_(std::move(database)) {}

  outcome<batch_counts> store(const review_batch& batch) override {
    if (std::exchange(database_->throws_next, false))
      throw std::runtime_error("a fault of the store");
    if (!database_->failures.empty())
      return take(database_->failures);
    auto found = database_->offsets.find(batch.partition);
    const auto stored = found == database_->offsets.end() ? std::nullopt : std::optional(found->second);
    if (stored != batch.from_offset)
      return failure{ec::fenced, "offset: expected another", {}};
    for (const auto& each : batch.rows)
      if (database_->poison.contains(std::string(each.what.author)))
        return failure{ec::poisoned, "22001", {}};
    batch_counts counts;
    for (const auto& each : batch.rows)
      ++(database_->rows.emplace(to_string(each.what.id), copy_of(each.what)).second ? counts.inserted
                                                                                     : counts.duplicates);
    database_->offsets[batch.partition] = batch.next_offset;
    database_->batch_sizes.push_back(batch.rows.size());
    database_->notices.push_back(batch.notice + std::to_string(counts.inserted) + "}");
    return counts;
  }

  outcome<std::vector<std::optional<std::int64_t>>>
  stored_offsets(const std::vector<std::int32_t>& partitions) override {
    if (!database_->offset_failures.empty())
      return take(database_->offset_failures);
    std::vector<std::optional<std::int64_t>> result;
    for (auto each : partitions) {
      auto found = database_->offsets.find(each);
      result.push_back(found == database_->offsets.end() ? std::nullopt : std::optional(found->second));
    }
    return result;
  }

  outcome<void> report(const std::vector<std::string>& payloads) override {
    if (!database_->report_failures.empty())
      return take(database_->report_failures);
    database_->reports.push_back(payloads);
    return boost::system::in_place_value;
  }

  outcome<void> check_schema() override { return boost::system::in_place_value; }

private:
  static failure take(std::deque<failure>& from) {
    auto first = std::move(from.front());
    from.pop_front();
    return first;
  }

  std::shared_ptr<fake_database> database_;
};

inline review_store_factory make_fake_store_factory(std::shared_ptr<fake_database> database) {
  return [database] { return std::make_unique<fake_review_store>(database); };
}

} // namespace reviews
