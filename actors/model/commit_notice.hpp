#pragma once

#include "actors/model/failure.hpp"
#include "actors/model/review_id.hpp"
#include "actors/model/timestamp.hpp"
#include "actors/ports/review_store.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reviews {

/// The channel on which a batch's transaction tells that it is committed.
inline constexpr std::string_view commit_channel = "reviews_stored";

/// Largest payload of ours; Postgres takes less than 8000 bytes (PostgreSQL manual, NOTIFY).
inline constexpr std::size_t notice_bytes_max = 7'900;

/// Reviews of a batch that its notice lists at most: the newest.
inline constexpr std::size_t noticed_reviews_max = 100;

/// A review as a commit notice lists it.
struct noticed_review {
  review_id id{};
  std::int64_t offset = -1;
  timestamp consumed_at{}; ///< By the consumer's clock.
};

/// Who stores a batch, as everybody is told.
struct batch_handler {
  std::string topic;
  std::string group;
  std::string consumer; ///< The process: its group-instance-id, or host and process id.
  std::string actor;    ///< `consumer-1`
  std::string writer;   ///< `writer-0`
};

/// What listeners are told of one committed batch.
struct commit_notice {
  batch_handler by;
  std::int32_t partition = -1;
  std::int64_t from_offset = 0; ///< 0 also when nothing was stored before.
  std::int64_t next_offset = 0;
  std::size_t rows = 0;     ///< Reviews of the batch; the other offsets were dead letters.
  std::size_t inserted = 0; ///< Those of `rows` that were new.
  /// The newest of the batch by their offsets, as many as there was room for.
  std::vector<noticed_review> reviews;

  /// Whether the batch's range holds that offset.
  bool covers(std::int64_t offset) const { return from_offset <= offset && offset < next_offset; }
};

/// The notice of `batch` up to the count of its new rows, as JSON. Only the
/// statement that stores it knows that count: it appends the number and `}`, and
/// then the payload has at most `notice_bytes_max` bytes.
std::string begin_commit_notice(const review_batch& batch, const batch_handler& by);

/// Appends who stored a batch and which, as clients read it: the members `consumer`,
/// `actor`, `writer` and `batch`, without braces around them.
void append_handling(std::string& out, const commit_notice& of);

/// Reads a payload; members that it does not know are passed over. `invalid`
/// when it is no commit notice.
outcome<commit_notice> parse_commit_notice(std::string_view payload);

} // namespace reviews
