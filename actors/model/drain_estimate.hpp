#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>

namespace reviews {

/// Tells whom a full queue sends away when to come back (`Retry-After`, RFC 9110
/// section 10.2.3). Time is an argument, so tests own the clock.
class drain_estimate {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Least and longest pause asked for.
  static constexpr std::chrono::seconds pause_min{1};
  static constexpr std::chrono::seconds pause_max{60};

  drain_estimate(time_point now, std::uint32_t seed);

  /// `count` have left the queue, as they should, at `now`.
  void note_drained(std::size_t count, time_point now);

  /// How many leave the queue in a second, an average over the last few seconds.
  double per_second(time_point now) const;

  /// The pause after which a queue of `depth` will have drained: depth over
  /// rate, up to half of it more at random so that not all come back together,
  /// within `pause_min` and `pause_max`.
  std::chrono::seconds pause_for(std::size_t depth, time_point now);

  /// The pause while nothing leaves: as long again as that has lasted, with the same jitter and limits.
  std::chrono::seconds pause_in_outage(time_point now);

private:
  std::chrono::seconds spread(double seconds);

  time_point begun_at_;
  time_point noted_at_;
  time_point drained_at_;
  double weight_ = 0; ///< Of what has drained, older than `noted_at_` counting for less.
  std::minstd_rand random_;
};

} // namespace reviews
