#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace reviews::ctl {

/// Counts durations from 1 µs to 1 h, each kept to within 1/64 of its size, in
/// a table of fixed size: every power of two has 64 cells (the layout of HdrHistogram).
class latency_histogram {
public:
  /// Counts one duration; one outside the range counts as the nearest in it.
  void add(std::chrono::nanoseconds duration);

  /// The least duration that `share` (0..1) of all do not exceed, as the upper
  /// end of its cell, never above `max`; 0 when nothing was added.
  std::chrono::microseconds quantile(double share) const;

  std::chrono::microseconds max() const { return max_; }
  std::uint64_t count() const { return count_; }

private:
  static constexpr unsigned cell_bits = 6;
  static constexpr std::size_t cells = 1u << cell_bits;
  static constexpr std::uint64_t value_max = 3'600'000'000; ///< Below 2^32.
  static constexpr std::size_t powers = 32 - cell_bits;

  static std::size_t index_of(std::uint64_t value);
  static std::uint64_t upper_end(std::size_t index);

  std::array<std::uint64_t, (powers + 1) * cells> counts_{};
  std::uint64_t count_ = 0;
  std::chrono::microseconds max_{0};
};

} // namespace reviews::ctl
