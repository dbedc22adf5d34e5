#include "db/pg_review_store.hpp"

#include "db/batch_columns.hpp"
#include "db/lasting_session.hpp"
#include "db/migrations.hpp"
#include "db/store_statements.hpp"

#include <map>
#include <utility>

namespace reviews {

namespace {

/// A batch whose answer was lost.
struct attempt {
  std::optional<std::int64_t> from_offset;
  std::int64_t next_offset = 0;

  bool is_of(const review_batch& batch) const {
    return from_offset == batch.from_offset && next_offset == batch.next_offset;
  }
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
  pg_review_store(database_params where, stored_log log) : session_(std::move(where)), log_(std::move(log)) {}

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
  std::map<std::int32_t, attempt> unanswered_; // at most one a partition
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
      unanswered_[batch.partition] = attempt{batch.from_offset, batch.next_offset};
    return stored.error().what;
  }
  if (!*stored)
    return settle(batch);
  unanswered_.erase(batch.partition);
  const auto [inserted, is_notice_withheld] = **stored;
  return batch_counts{inserted, batch.rows.size() - inserted, is_notice_withheld};
}

/// The offset was not the expected one: has our own unanswered attempt moved it?
outcome<batch_counts> pg_review_store::settle(const review_batch& batch) {
  auto offsets = stored_offsets({batch.partition});
  if (!offsets)
    return offsets.error();
  const auto found = offsets->front();
  const auto ours = unanswered_.find(batch.partition);
  if (ours == unanswered_.end() || !ours->second.is_of(batch) || found != batch.next_offset) {
    unanswered_.erase(batch.partition);
    return fenced(batch, found);
  }
  auto inserted = session_.call<std::size_t>(
      [&](pq::connection& database) { return count_stored(database, batch, columns_); });
  if (!inserted)
    return inserted.error().what;
  unanswered_.erase(ours);
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
  return
      [where = std::move(where), log = stored_log{std::move(group_id), std::move(topic), queue_usage_max}] {
        return review_store_ptr(std::make_unique<pg_review_store>(where, log));
      };
}

} // namespace reviews
