#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
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

  explicit drain_estimate(std::uint32_t seed);

  /// What the queue holds from `now` on: something at all, and so much that it
  /// is under pressure. Only the time under pressure counts for the rate: what
  /// leaves an idle queue says nothing of how fast a full one drains.
  void note_depth(bool holds_something, bool is_pressed, time_point now);

  /// `count` have left the queue, as they should, at `now`.
  void note_drained(std::size_t count, time_point now);

  /// How many leave the queue in a second, an average over the last few seconds
  /// under pressure; 0 before the first.
  double per_second(time_point now) const;

  /// The pause after which a queue of `depth` will have drained: depth over
  /// rate, up to half of it more at random so that not all come back together,
  /// within `pause_min` and `pause_max`. Without a rate as in an outage.
  std::chrono::seconds pause_for(std::size_t depth, time_point now);

  /// The pause while nothing leaves: as long again as something has waited in
  /// vain, with the same jitter and limits. From then on the outage lasts until
  /// something is drained.
  std::chrono::seconds pause_in_outage(time_point now);

private:
  double pressed_seconds(time_point now) const;
  double vain_seconds(time_point now) const;
  std::chrono::seconds spread(double seconds);

  std::optional<time_point> pressed_at_; ///< Since when the queue is under pressure.
  std::optional<time_point>
      vain_at_; ///< Since when something waits, or waited in an outage, and nothing leaves.
  bool held_something_ = false;
  bool is_outage_ = false;
  time_point failed_at_;      ///< When a pause of an outage was asked for last.
  double pressed_before_ = 0; ///< Seconds under pressure, before `pressed_at_`.
  double noted_ = 0;          ///< Seconds under pressure at the last `note_drained`.
  double weight_ = 0;         ///< Of what has drained, older than `noted_` counting for less.
  std::minstd_rand random_;
};

} // namespace reviews
