#pragma once

#include "actors/ports/review_intake.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace reviews::test {

/// An intake whose broker is the test: answers at once, when told to, or never.
class fake_intake : public review_intake {
public:
  using verdict = std::function<std::optional<failure>(const record&)>;

  /// Keep what comes until `answer_all`.
  void hold() { is_holding_ = true; }

  /// Fail records by `judge`; call before the first request.
  void fail_by(verdict judge) { judge_ = std::move(judge); }
  void fail_all(failure why) {
    fail_by([why](const record&) { return std::optional(why); });
  }

  void publish(records what, std::shared_ptr<recipient> whom) override {
    std::unique_lock lock(mutex_);
    results all;
    for (const auto& r : what) {
      if (auto why = judge_ ? judge_(r) : std::nullopt)
        all.emplace_back(*why);
      else
        all.emplace_back(receipt{3, next_offset_++});
    }
    calls_.emplace_back(what.begin(), what.end());
    if (is_holding_) {
      held_.emplace_back(std::move(whom), std::move(all));
      return;
    }
    lock.unlock();
    whom->take(std::move(all));
  }

  /// Answers all that is held, from the calling thread.
  void answer_all() {
    for (auto& [whom, all] : take_held())
      whom->take(std::move(all));
  }

  /// Forgets all that is held without an answer.
  void forget_all() { take_held(); }

  std::size_t held_count() const {
    const std::lock_guard lock(mutex_);
    return held_.size();
  }

  /// The records of each call so far.
  std::vector<std::vector<record>> calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

private:
  using held = std::vector<std::pair<std::shared_ptr<recipient>, results>>;

  held take_held() {
    const std::lock_guard lock(mutex_);
    return std::exchange(held_, {});
  }

  mutable std::mutex mutex_;
  std::atomic<bool> is_holding_{false};
  verdict judge_;
  std::int64_t next_offset_ = 100;
  std::vector<std::vector<record>> calls_;
  held held_;
};

} // namespace reviews::test
