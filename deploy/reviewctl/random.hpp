#pragma once

#include <cstdint>

namespace reviews::ctl {

/// A small random generator that is cheap to seed: one per review, so that
/// review i can be made again without those before it. The mixing function is
/// SplitMix64's (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
/// Generators, 2014). The same on every platform; not for secrets.
class random {
public:
  random(std::uint64_t seed, std::uint64_t stream) : state_(mix(seed) ^ mix(~stream)) {}

  std::uint64_t next() { return mix(state_ += 0x9e3779b97f4a7c15u); }

  /// A number from 0 to `bound` - 1. @pre `bound` is from 1 to 2^32.
  std::uint64_t below(std::uint64_t bound) { return ((next() >> 32) * bound) >> 32; }

  /// A number from 0 up to, not including, 1.
  double fraction() { return double(next() >> 11) * 0x1p-53; }

private:
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

} // namespace reviews::ctl
