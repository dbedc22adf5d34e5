#pragma once

#include <mutex>
#include <utility>

namespace reviews {

/// A value that one thread changes while others read it. Thread-safe.
template <class T>
class shared_value {
public:
  explicit shared_value(T value) : value_(std::move(value)) {}

  T get() const {
    std::lock_guard guard(mutex_);
    return value_;
  }

  void set(T value) {
    std::lock_guard guard(mutex_);
    value_ = std::move(value);
  }

private:
  mutable std::mutex mutex_;
  T value_;
};

} // namespace reviews
