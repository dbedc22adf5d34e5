#pragma once

#include "actors/ports/review_store.hpp"
#include "db/batch_columns.hpp"
#include "db/params.hpp"
#include "db/pqxx_compat.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reviews {

/// Whose offsets of which log.
struct stored_log {
  std::string group_id;
  std::string topic;
  double queue_usage_max = notice_queue_usage_max; ///< Beyond it nothing is told.
};

/// What became of a batch that was stored.
struct batch_outcome {
  std::size_t inserted = 0;        ///< New rows.
  bool is_notice_withheld = false; ///< It was to be told and was not.
};

// The SQL of `pg_review_store`. Everything here throws libpqxx's exceptions:
// call it within `session::call`.

/// Prepares what `store_batch` runs; once per connection, before it.
void prepare_store_statements(pq::connection& database);

/// Stores the batch whose rows `columns` holds: one statement, one transaction.
/// Returns nothing, and has changed nothing, when the stored offset is not `from_offset`.
std::optional<batch_outcome> store_batch(pq::connection& database, const stored_log& log,
                                         const review_batch& batch, const batch_columns& columns);

/// How many rows of the batch whose rows `columns` holds were stored from their
/// own place in the log, and not as duplicates of another.
std::size_t count_stored(pq::connection& database, const review_batch& batch, const batch_columns& columns);

/// The stored next offset of each partition, in the order asked.
std::vector<std::optional<std::int64_t>> read_offsets(pq::connection& database, const stored_log& log,
                                                      const std::vector<std::int32_t>& partitions);

/// Tells all payloads on `consumer_channel` in one transaction, while the queue has room.
void send_reports(pq::connection& database, const stored_log& log, const std::vector<std::string>& payloads);

/// The versions in `schema_migrations`.
std::vector<int> read_versions(pq::connection& database);

} // namespace reviews
