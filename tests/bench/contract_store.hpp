#pragma once

#include "actors/model/review.hpp"

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reviews::bench {

/// A row as one would hold it by hand: a review with strings of its own, and its offset.
struct plain_row {
  review what;
  std::int64_t offset = -1;
};

/// What one transaction stores.
struct plain_batch {
  std::int32_t partition = -1;
  std::optional<std::int64_t> from_offset;
  std::int64_t next_offset = 0;
  std::vector<plain_row> rows;
};

struct connection_closer {
  void operator()(PGconn* what) const noexcept { PQfinish(what); }
};
using connection_ptr = std::unique_ptr<PGconn, connection_closer>;

/// Connects. Throws std::runtime_error when Postgres does not let us in.
connection_ptr connect(const std::string& url);

/// Runs statements, text answers unread. Throws std::runtime_error on the first that fails;
/// returns how many rows the statement `UPDATE` among them changed, -1 when there was none.
int run_sql(PGconn* database, const std::string& statements);

/// Sends rows by COPY in the binary format (Postgres manual, COPY: Binary Format).
class row_copier {
public:
  /// Runs `copy_statement` (`... from stdin binary`, perhaps after other statements) with
  /// review_id, vendor_id, author, rating, title, text, created_at, topic_partition, topic_offset
  /// of each row. Throws std::runtime_error on failure.
  void copy(PGconn* database, const std::string& copy_statement, const plain_batch& batch);

private:
  std::string bytes_;
};

/// The contract's transaction as one would write it by hand over libpq: COPY to a temporary
/// table, insert what is new, ratings of just those, offset by compare-and-set. One connection.
class contract_store {
public:
  contract_store(const std::string& url, std::string group_id, std::string topic);

  /// One transaction. Throws std::runtime_error when anything fails or the offset was another.
  void store(const plain_batch& batch);

private:
  connection_ptr database_;
  std::string where_;
  row_copier copier_;
};

} // namespace reviews::bench
