#include "actors/model/drain_estimate.hpp"

#include <algorithm>
#include <cmath>

namespace reviews {

namespace {

/// The average's memory: what left this long ago counts for a third.
constexpr double memory_seconds = 5;

double seconds_between(drain_estimate::time_point from, drain_estimate::time_point to) {
  return std::max(std::chrono::duration<double>(to - from).count(), 0.0);
}

/// What is left after `seconds` of a weight of 1.
double fade(double seconds) {
  return std::exp(-seconds / memory_seconds);
}

} // namespace

drain_estimate::drain_estimate(time_point now, std::uint32_t seed)
    : begun_at_(now), noted_at_(now), drained_at_(now), random_(seed) {}

void drain_estimate::note_drained(std::size_t count, time_point now) {
  weight_ = weight_ * fade(seconds_between(noted_at_, now)) + static_cast<double>(count);
  noted_at_ = drained_at_ = now;
}

double drain_estimate::per_second(time_point now) const {
  const auto watched = seconds_between(begun_at_, now);
  if (watched == 0)
    return 0;
  return weight_ * fade(seconds_between(noted_at_, now)) / (memory_seconds * (1 - fade(watched)));
}

std::chrono::seconds drain_estimate::pause_for(std::size_t depth, time_point now) {
  const auto rate = per_second(now);
  return spread(rate > 0 ? static_cast<double>(depth) / rate : seconds_between(drained_at_, now));
}

std::chrono::seconds drain_estimate::pause_in_outage(time_point now) {
  return spread(seconds_between(drained_at_, now));
}

std::chrono::seconds drain_estimate::spread(double seconds) {
  constexpr double least = std::chrono::seconds(pause_min).count();
  constexpr double longest = std::chrono::seconds(pause_max).count();
  const auto base = std::clamp(seconds, least, longest);
  const auto drawn = std::uniform_real_distribution<double>(base, base * 1.5)(random_);
  return std::chrono::seconds(std::llround(std::min(drawn, longest)));
}

} // namespace reviews
