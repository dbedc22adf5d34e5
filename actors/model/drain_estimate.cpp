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

drain_estimate::drain_estimate(std::uint32_t seed) : random_(seed) {}

void drain_estimate::note_depth(bool holds_something, bool is_pressed, time_point now) {
  // An outage that nobody has met for long may be over.
  if (is_outage_ && holds_something && !held_something_ && now - failed_at_ > pause_max) {
    is_outage_ = false;
    vain_at_.reset();
  }
  held_something_ = holds_something;
  if (holds_something && !vain_at_)
    vain_at_ = now;
  else if (!holds_something && !is_outage_)
    vain_at_.reset();
  is_pressed = is_pressed && !is_outage_; // or the rate would fade, though it is not the queue's
  if (is_pressed && !pressed_at_) {
    pressed_at_ = now;
  } else if (!is_pressed && pressed_at_) {
    pressed_before_ = pressed_seconds(now);
    pressed_at_.reset();
  }
}

void drain_estimate::note_drained(std::size_t count, time_point now) {
  is_outage_ = false;
  if (vain_at_)
    vain_at_ = now;
  if (!pressed_at_)
    return;
  const auto pressed = pressed_seconds(now);
  weight_ = weight_ * fade(pressed - noted_) + static_cast<double>(count);
  noted_ = pressed;
}

double drain_estimate::per_second(time_point now) const {
  const auto pressed = pressed_seconds(now);
  if (pressed == 0)
    return 0;
  return weight_ * fade(pressed - noted_) / (memory_seconds * (1 - fade(pressed)));
}

std::chrono::seconds drain_estimate::pause_for(std::size_t depth, time_point now) {
  const auto rate = per_second(now);
  return spread(rate > 0 && !is_outage_ ? static_cast<double>(depth) / rate : vain_seconds(now));
}

std::chrono::seconds drain_estimate::pause_in_outage(time_point now) {
  is_outage_ = true;
  failed_at_ = now;
  return spread(vain_seconds(now));
}

double drain_estimate::pressed_seconds(time_point now) const {
  return pressed_before_ + (pressed_at_ ? seconds_between(*pressed_at_, now) : 0);
}

double drain_estimate::vain_seconds(time_point now) const {
  return vain_at_ ? seconds_between(*vain_at_, now) : 0;
}

std::chrono::seconds drain_estimate::spread(double seconds) {
  constexpr double least = std::chrono::seconds(pause_min).count();
  constexpr double longest = std::chrono::seconds(pause_max).count();
  const auto base = std::clamp(seconds, least, longest);
  const auto drawn = std::uniform_real_distribution<double>(base, base * 1.5)(random_);
  return std::chrono::seconds(std::llround(std::min(drawn, longest)));
}

} // namespace reviews
