#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>

namespace reviews {

/// How many restarts a supervisor may make within a period that moves along.
class restart_budget {
public:
  using time_point = std::chrono::steady_clock::time_point;

  restart_budget(std::size_t restarts_max, std::chrono::seconds period)
      : restarts_max_(restarts_max), period_(period) {}

  /// Spends one restart at `now`. Returns false when none was left.
  [[nodiscard]] bool spend(time_point now) {
    while (!spent_.empty() && now - spent_.front() >= period_)
      spent_.pop_front();
    if (spent_.size() >= restarts_max_)
      return false;
    spent_.push_back(now);
    return true;
  }

  /// Restarts left at `now`.
  std::size_t left(time_point now) const {
    auto counting =
        std::count_if(spent_.begin(), spent_.end(), [&](time_point each) { return now - each < period_; });
    return restarts_max_ - static_cast<std::size_t>(counting);
  }

private:
  std::size_t restarts_max_;
  std::chrono::seconds period_;
  std::deque<time_point> spent_;
};

} // namespace reviews
