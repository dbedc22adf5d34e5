#pragma once

#include "actors/model/failure.hpp"
#include "actors/ports/consumer_client.hpp"
#include "deploy/reviewctl/dead_letter_match.hpp"
#include "deploy/reviewctl/topic_index.hpp"
#include "kafka/params.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace reviews::ctl {

/// One partition of the log as it was when the walk began.
struct log_part {
  std::int64_t begin = 0; ///< First kept offset.
  std::int64_t end = 0;   ///< Next offset.
  std::int64_t last = -1; ///< Of the last record a consumer sees; -1: none.
  /// Next offset once the tables were read: nothing stored can point beyond it.
  std::int64_t end_now = 0;
};

/// What the topic holds.
struct log_contents {
  std::vector<log_part> parts; ///< Index: partition.
  topic_index valid;           ///< Sealed.
  dead_letter_match letters;
  std::uint64_t record_count = 0;
  /// Reviews among the dead letters, which the database could not store, and how
  /// many letters each has: one that was replayed needs one more to be excused again.
  std::map<review_id, std::size_t> poisoned;
  std::uint64_t resolved_count = 0; ///< Dead letters that were replayed or dropped.
  /// Retention has removed dead letters: that one is missing proves nothing then.
  bool are_letters_trimmed = false;
};

/// Walks the topic from its beginning to its end as of now.
outcome<void> scan_topic(const kafka_params& where, log_contents& into);

/// Asks again where the log ends.
outcome<void> note_end_now(const kafka_params& where, log_contents& into);

/// Walks the dead-letter topic likewise; after the moment whose offsets are compared.
outcome<void> scan_dead_letters(const kafka_params& where, log_contents& into);

} // namespace reviews::ctl
