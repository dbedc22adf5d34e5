#include "db/pg_review_store.hpp"

#include "db/batch_columns.hpp"
#include "db/lasting_session.hpp"
#include "db/migrations.hpp"
#include "db/store_statements.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace reviews {

namespace {

/// Batches whose answer was lost, at most one a partition. Shared by the stores of one factory, since the
/// retry may come to another store; safe from any thread.
class lost_answers {
public:
  void add(const review_batch& batch) {
    std::lock_guard lock(mutex_);
    lost_[batch.partition] = range_of(batch);
  }

  bool contain(const review_batch& batch) const {
    std::lock_guard lock(mutex_);
    auto found = lost_.find(batch.partition);
    return found != lost_.end() && found->second == range_of(batch);
  }

  void forget(const review_batch& batch) {
    std::lock_guard lock(mutex_);
    auto found = lost_.find(batch.partition);
    if (found != lost_.end() && found->second == range_of(batch))
      lost_.erase(found);
  }

private:
  using range = std::pair<std::optional<std::int64_t>, std::int64_t>;

  static range range_of(const review_batch& batch) { return {batch.from_offset, batch.next_offset}; }

  mutable std::mutex mutex_;
  std::map<std::int32_t, range> lost_; // by partition
};

failure fenced(const review_batch& batch, std::optional<std::int64_t> got) {
  const auto text = [](std::optional<std::int64_t> offset) {
    return offset ? std::to_string(*offset) : std::string("none");
  };
  return {ec::fenced, "consumer_offsets: expected next_offset " + text(batch.from_offset) + " of partition " +
                          std::to_string(batch.partition) + ", got " + text(got)};
}

class pg_review_store final : public review_store {
public:
  pg_review_store(database_params where, stored_log log, std::shared_ptr<lost_answers> lost)
      : session_(std::move(where)), log_(std::move(log)), lost_(std::move(lost)) {}

  outcome<batch_counts> store(const review_batch& batch) override;

  outcome<std::vector<std::optional<std::int64_t>>>
  stored_offsets(const std::vector<std::int32_t>& partitions) override;

  outcome<void> report(const std::vector<std::string>& payloads) override;

  outcome<void> check_schema() override;

private:
  outcome<batch_counts> settle(const review_batch& batch);

  lasting_session session_;
  stored_log log_;
  std::uint64_t prepared_in_ = 0; // which session
  batch_columns columns_;
  std::shared_ptr<lost_answers> lost_;
};

outcome<batch_counts> pg_review_store::store(const review_batch& batch) {
  if (batch.next_offset < batch.from_offset.value_or(0))
    return failure{ec::broken, "batch: expected next_offset not before from_offset, got " +
                                   std::to_string(batch.next_offset)};
  columns_.encode(batch.rows);
  auto stored = session_.call<std::optional<batch_outcome>>([&](pq::connection& database) {
    if (prepared_in_ != session_.number())
      prepare_store_statements(database);
    prepared_in_ = session_.number();
    return store_batch(database, log_, batch, columns_);
  });
  if (!stored) {
    if (stored.error().is_outcome_unknown)
      lost_->add(batch);
    return stored.error().what;
  }
  if (!*stored)
    return settle(batch);
  lost_->forget(batch);
  const auto [inserted, is_notice_withheld] = **stored;
  return batch_counts{inserted, batch.rows.size() - inserted, is_notice_withheld};
}

/// The offset was not the expected one: has an attempt of ours moved it, whose answer was lost?
outcome<batch_counts> pg_review_store::settle(const review_batch& batch) {
  auto offsets = stored_offsets({batch.partition});
  if (!offsets)
    return offsets.error();
  const auto found = offsets->front();
  if (!lost_->contain(batch) || found != batch.next_offset) {
    lost_->forget(batch);
    return fenced(batch, found);
  }
  auto inserted = session_.call<std::size_t>(
      [&](pq::connection& database) { return count_stored(database, batch, columns_); });
  if (!inserted)
    return inserted.error().what;
  lost_->forget(batch);
  return batch_counts{*inserted, batch.rows.size() - *inserted};
}

outcome<std::vector<std::optional<std::int64_t>>>
pg_review_store::stored_offsets(const std::vector<std::int32_t>& partitions) {
  using offsets = std::vector<std::optional<std::int64_t>>;
  return to_outcome(session_.call<offsets>(
      [&](pq::connection& database) { return read_offsets(database, log_, partitions); }));
}

outcome<void> pg_review_store::report(const std::vector<std::string>& payloads) {
  return to_outcome(session_.call<void>([&](pq::connection& database) -> sql_result<void> {
    send_reports(database, log_, payloads);
    return {};
  }));
}

outcome<void> pg_review_store::check_schema() {
  auto versions = session_.call<std::vector<int>>(read_versions);
  if (!versions)
    return versions.error().what;
  return check_versions(*versions);
}

} // namespace

review_store_factory make_review_store_factory(database_params where, std::string group_id, std::string topic,
                                               double queue_usage_max) {
  return [where = std::move(where), log = stored_log{std::move(group_id), std::move(topic), queue_usage_max},
          lost = std::make_shared<lost_answers>()] {
    return review_store_ptr(std::make_unique<pg_review_store>(where, log, lost));
  };
}

} // namespace reviews
