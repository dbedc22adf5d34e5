#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace reviews {

/// What is seen of a partition at one moment.
struct partition_sight {
  std::int32_t partition = -1;
  std::uint64_t epoch = 0;                   ///< Of its hand-over; a new one is a new start.
  std::optional<std::size_t> holder;         ///< The consumer that was given it.
  std::optional<std::int64_t> stored_offset; ///< None: nothing stored yet.
  bool has_work = false;                     ///< Records to store are there.
  std::uint64_t signs_of_life = 0;           ///< Grows whenever somebody reports work on it, also in vain.
  bool is_stopped = false;                   ///< For good, with an alert of its own.
};

/// Judges whether partitions move. A partition stands still while there are
/// records to store and its stored offset stays; it is stuck when, on top of
/// that, nobody has given a sign of life (an attempt that failed is one: then
/// the database or the broker is to blame, not the actor). Time is an argument.
class progress_watch {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// What to know of a partition after a look.
  struct finding {
    std::int32_t partition = -1;
    std::optional<std::size_t> holder;
    std::chrono::duration<double> standing{0}; ///< 0: it moves, or has nothing to do.
    bool is_stuck = false;                     ///< Told once every `stuck_after`.
  };

  /// @param stuck_after How long without any sign of life is too long.
  explicit progress_watch(std::chrono::milliseconds stuck_after) : stuck_after_(stuck_after) {}

  /// Looks at all partitions there are. Those not among `sights` are forgotten.
  std::vector<finding> look(const std::vector<partition_sight>& sights, time_point now);

private:
  struct memory {
    partition_sight last;
    time_point moved_at;
    time_point alive_at;
  };

  finding judge(const partition_sight& sight, memory& of, time_point now) const;

  std::chrono::milliseconds stuck_after_;
  std::map<std::int32_t, memory> partitions_;
};

} // namespace reviews
