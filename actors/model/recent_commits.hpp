#pragma once

#include "actors/model/commit_notice.hpp"
#include "actors/model/timestamp.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace reviews {

/// A commit notice and when it was heard.
struct heard_commit {
  commit_notice what;
  timestamp heard_at{};
};

using heard_commit_ptr = std::shared_ptr<const heard_commit>;

/// The last commit notices of one topic and group. Who asks for a record may come
/// after the notice of its commit; as long as nobody asks, a payload is only kept.
class recent_commits {
public:
  static constexpr std::size_t unread_max = 2'048;          ///< Payloads kept as they are …
  static constexpr std::size_t unread_bytes_max = 1u << 20; ///< … and their bytes.
  static constexpr std::size_t partition_commits_max = 64;  ///< Read ones of a partition.

  recent_commits(std::string topic, std::string group) : topic_(std::move(topic)), group_(std::move(group)) {}

  /// Keeps the payload; the oldest ones go when there are too many.
  void add(std::string payload, timestamp heard_at);

  /// Reads the payload at once and keeps it; null when it is of another topic or
  /// group, or none at all.
  heard_commit_ptr read(const std::string& payload, timestamp heard_at);

  /// The commit that stored the record or passed it; null when it was not heard, or long ago.
  heard_commit_ptr find(std::int32_t partition, std::int64_t offset);

  void clear();

private:
  struct unread {
    std::string payload;
    timestamp heard_at{};
  };

  heard_commit_ptr keep(const std::string& payload, timestamp heard_at);
  void read_all();

  std::string topic_;
  std::string group_;
  std::deque<unread> unread_;
  std::size_t unread_bytes_ = 0;
  std::map<std::int32_t, std::deque<heard_commit_ptr>> read_; ///< By partition, in their order.
};

} // namespace reviews
