#pragma once

#include "actors/model/review.hpp"
#include "deploy/reviewctl/review_generator.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace reviews::bench {

/// The reviews that `reviewctl load` posts (languages, lengths, vendors by Zipf's law).
class sample_reviews {
public:
  /// @param seed Also the first id's time, in microseconds since 1970.
  sample_reviews(std::uint64_t seed, std::size_t vendors) : seed_(seed), generator_(seed, vendors) {}

  /// JSON as a client posts it, one line, without a `review_id`: numbers 0 to `count` - 1.
  std::vector<std::string> posted(std::size_t count) const;

  /// Review number `index` as a producer takes it in: a UUIDv7 of its own, taken in at `seed` + `index` µs.
  review taken_in(std::uint64_t index) const;

private:
  std::uint64_t seed_;
  ctl::review_generator generator_;
};

/// The partition that `murmur2_random` gives a vendor.
std::int32_t partition_of(const std::string& vendor_id, std::int32_t partitions);

/// Now, in microseconds since 1970.
std::uint64_t seed_of_now();

} // namespace reviews::bench
