#pragma once

#include "actors/model/failure.hpp"
#include "db/verification.hpp"
#include "deploy/reviewctl/findings.hpp"
#include "deploy/reviewctl/log_scan.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reviews::ctl {

/// What the tables hold, seen at one moment.
struct table_contents {
  std::vector<std::optional<std::int64_t>> next_offsets; ///< Index: partition.
  std::uint64_t row_count = 0;
  std::uint64_t newer_row_count = 0; ///< Of records after the walk: not checked.
  std::uint64_t older_row_count = 0; ///< Of records that retention removed: only counted.
  std::uint64_t vendor_count = 0;    ///< With at least one row.
  std::uint64_t pending_count = 0;   ///< Records that the consumer has not come to yet.
};

/// The group's next offset of each of `partitions` partitions of `topic`.
std::vector<std::optional<std::int64_t>> next_offsets_of(const std::vector<consumer_offset>& all,
                                                         const std::string& group, const std::string& topic,
                                                         std::size_t partitions);

/// Records of this partition that the consumer has not come to yet.
std::int64_t lag_of(const log_part& part, std::optional<std::int64_t> next_offset);

/// Offsets against the log: behind (`not_caught_up`), beyond its end
/// (`offset_beyond_log`), before its beginning (`offset_before_log`: records are lost).
void check_offsets(const log_contents& in_log, const table_contents& in_tables, findings& found);

/// Rows against the records and back: `row_without_record`, `row_beyond_log`,
/// `row_wrong_place`, `row_of_later_record`, `row_wrong_value`, `record_without_row`,
/// `record_without_dead_letter`.
outcome<void> check_rows(verification& tables, log_contents& in_log, table_contents& in_tables,
                         findings& found);

/// `vendor_ratings` against the aggregate of `reviews`: `rating_mismatch`, counted up to 1000.
outcome<void> check_ratings(verification& tables, findings& found);

} // namespace reviews::ctl
