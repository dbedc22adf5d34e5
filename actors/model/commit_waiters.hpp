#pragma once

#include "actors/model/review_id.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace reviews {

/// Who waits for the commit of one record.
struct commit_waiter {
  std::uint64_t token = 0; ///< Names the waiter; used once.
  std::int32_t partition = -1;
  std::int64_t offset = -1;
  review_id id{};
  std::chrono::steady_clock::time_point deadline{};
};

/// Waiters by the place that they wait for and by their deadlines, a bounded
/// number. Each is in here from `add` until `remove` or until it is due. Time is
/// an argument, so tests own the clock.
class commit_waiters {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit commit_waiters(std::size_t waiters_max) : waiters_max_(waiters_max) {}

  /// False when there are too many: it was not added.
  bool add(const commit_waiter& who);

  /// Those of the partition whose record lies before `next_offset`, each told
  /// once; they stay until they are removed or due.
  std::vector<commit_waiter> passed(std::int32_t partition, std::int64_t next_offset);

  /// Those whose deadline has passed at `now`; they are out.
  std::vector<commit_waiter> take_due(time_point now);

  /// The waiter is answered. False when it is out already.
  bool remove(std::uint64_t token);

  /// The next moment at which somebody is due; nothing while nobody waits.
  std::optional<time_point> next_deadline() const;

  std::size_t size() const { return waiters_.size(); }

private:
  using place = std::pair<std::int32_t, std::int64_t>;

  void forget(const commit_waiter& who);

  std::size_t waiters_max_;
  std::map<std::uint64_t, commit_waiter> waiters_;
  std::set<std::pair<place, std::uint64_t>> places_; ///< Of those whose record is not passed.
  std::set<std::pair<time_point, std::uint64_t>> deadlines_;
};

} // namespace reviews
