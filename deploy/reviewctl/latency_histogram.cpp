#include "deploy/reviewctl/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace reviews::ctl {

void latency_histogram::add(std::chrono::nanoseconds duration) {
  const auto micros = (std::max<std::int64_t>(duration.count(), 0) + 999) / 1000;
  const auto value = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(micros), 1, value_max);
  ++counts_[index_of(value)];
  ++count_;
  max_ = std::max(max_, std::chrono::microseconds(value));
}

std::chrono::microseconds latency_histogram::quantile(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(std::clamp(share, 0.0, 1.0) * double(count_)));
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    below += counts_[i];
    if (counts_[i] != 0 && below >= wanted)
      return std::min(max_, std::chrono::microseconds(upper_end(i)));
  }
  return max_;
}

// The first `cells` values have a cell each; from then on every power of two has `cells`.
std::size_t latency_histogram::index_of(std::uint64_t value) {
  if (value < cells)
    return value;
  const auto shift = static_cast<unsigned>(std::bit_width(value)) - cell_bits - 1;
  return (shift + 1) * cells + ((value >> shift) - cells);
}

std::uint64_t latency_histogram::upper_end(std::size_t index) {
  if (index < cells)
    return index;
  const auto shift = index / cells - 1;
  return ((index % cells + cells + 1) << shift) - 1;
}

} // namespace reviews::ctl
