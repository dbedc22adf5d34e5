#pragma once

#include <cstddef>

namespace reviews {

/// Counts what awaits acknowledgement, in reviews and in payload bytes.
class in_flight_window {
public:
  /// @param reviews_max At least 1. @param bytes_max At least 1.
  in_flight_window(std::size_t reviews_max, std::size_t bytes_max)
      : reviews_max_(reviews_max), bytes_max_(bytes_max) {}

  /// Takes room for `reviews` of `bytes` together, all or nothing. What is
  /// larger than the whole byte bound is let in alone.
  [[nodiscard]] bool try_admit(std::size_t reviews, std::size_t bytes) {
    if (reviews_ != 0 && (reviews_ + reviews > reviews_max_ || bytes_ + bytes > bytes_max_))
      return false;
    if (reviews > reviews_max_)
      return false;
    reviews_ += reviews;
    bytes_ += bytes;
    return true;
  }

  /// Gives room back.
  void release(std::size_t reviews, std::size_t bytes) {
    reviews_ -= reviews;
    bytes_ -= bytes;
  }

  /// Other limits, for what comes next; what was admitted stays.
  void set_limits(std::size_t reviews_max, std::size_t bytes_max) {
    reviews_max_ = reviews_max;
    bytes_max_ = bytes_max;
  }

  /// By either bound.
  bool is_half_full() const {
    return reviews_ >= reviews_max_ - reviews_max_ / 2 || bytes_ >= bytes_max_ - bytes_max_ / 2;
  }

  std::size_t reviews() const { return reviews_; }
  std::size_t bytes() const { return bytes_; }

private:
  std::size_t reviews_max_;
  std::size_t bytes_max_;
  std::size_t reviews_ = 0;
  std::size_t bytes_ = 0;
};

} // namespace reviews
