#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace reviews {

/// Pauses between attempts: doubling from `min` to `max`, each drawn from the
/// upper half of its range so that many who wait do not come back together.
class backoff {
public:
  backoff(std::chrono::milliseconds min, std::chrono::milliseconds max, std::uint32_t seed)
      : min_(std::max(min, std::chrono::milliseconds(1))), max_(std::max(max, min_)), next_(min_),
        random_(seed) {}

  /// The pause before the next attempt.
  std::chrono::milliseconds next() {
    auto upper = next_.count();
    next_ = std::min(max_, next_ * 2);
    return std::chrono::milliseconds(
        std::uniform_int_distribution<std::int64_t>((upper + 1) / 2, upper)(random_));
  }

  /// After a success: the next pause is short again.
  void reset() { next_ = min_; }

private:
  std::chrono::milliseconds min_;
  std::chrono::milliseconds max_;
  std::chrono::milliseconds next_;
  std::minstd_rand random_;
};

} // namespace reviews
