#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace reviews {

/// What has to be true before a process takes work, by name. Thread-safe.
class readiness {
public:
  explicit readiness(std::vector<std::string> conditions) {
    for (auto& each : conditions)
      conditions_.emplace(std::move(each), false);
  }

  void set(const std::string& condition, bool met) {
    std::lock_guard guard(mutex_);
    conditions_[condition] = met;
  }

  /// From now on never ready again.
  void begin_drain() {
    std::lock_guard guard(mutex_);
    draining_ = true;
  }

  /// Empty when ready, else why not: `draining`, or the conditions not met.
  std::string missing() const {
    std::lock_guard guard(mutex_);
    if (draining_)
      return "draining";
    std::string names;
    for (const auto& [name, met] : conditions_)
      if (!met)
        names += (names.empty() ? "waiting for " : ", ") + name;
    return names;
  }

private:
  mutable std::mutex mutex_;
  std::map<std::string, bool> conditions_;
  bool draining_ = false;
};

} // namespace reviews
