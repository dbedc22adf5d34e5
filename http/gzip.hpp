#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace reviews {

enum class gunzip_result : std::uint8_t {
  ok,
  too_large, ///< More than allowed would come out; stopped there.
  corrupt,   ///< Not gzip, cut short, or followed by something else.
};

/// Unpacks gzip (RFC 1952, one or more members) into `out`, at most `bytes_max`
/// bytes. Memory is bounded by `bytes_max` however small the input.
gunzip_result gunzip(std::string_view packed, std::size_t bytes_max, std::string& out);

/// `text` as one gzip member, as small as zlib can make it.
std::string gzip(std::string_view text);

} // namespace reviews
