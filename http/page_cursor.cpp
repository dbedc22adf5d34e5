#include "http/page_cursor.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

namespace reviews {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Microseconds since 1970, big-endian, and the id. A multiple of 3: no padding.
using place_bytes = std::array<std::uint8_t, 24>;
constexpr std::size_t time_size = 8;
constexpr std::size_t cursor_length = 32;

} // namespace

std::string to_cursor(const review_place& place) {
  place_bytes bytes{};
  const auto time = static_cast<std::uint64_t>(place.created_at.time_since_epoch().count());
  for (std::size_t i = 0; i < time_size; ++i)
    bytes[i] = static_cast<std::uint8_t>(time >> (8 * (time_size - 1 - i)));
  std::copy(place.id.begin(), place.id.end(), bytes.begin() + time_size);
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::uint32_t three = bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6)
      text.push_back(alphabet[three >> shift & 63]);
  }
  return text;
}

std::optional<review_place> parse_cursor(std::string_view text) {
  if (text.size() != cursor_length)
    return std::nullopt;
  place_bytes bytes{};
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::uint32_t three = 0;
    for (const char c : text.substr(i, 4)) {
      const auto digit = alphabet.find(c);
      if (digit == alphabet.npos)
        return std::nullopt;
      three = three << 6 | static_cast<std::uint32_t>(digit);
    }
    for (std::size_t k = 0; k < 3; ++k)
      bytes[i / 4 * 3 + k] = static_cast<std::uint8_t>(three >> (16 - 8 * k));
  }
  std::uint64_t time = 0;
  for (std::size_t i = 0; i < time_size; ++i)
    time = time << 8 | bytes[i];
  review_place place;
  place.created_at = timestamp(std::chrono::microseconds(static_cast<std::int64_t>(time)));
  std::copy(bytes.begin() + time_size, bytes.end(), place.id.begin());
  if (parse_rfc3339(format_rfc3339(place.created_at)) != place.created_at) // a time no review has
    return std::nullopt;
  return place;
}

} // namespace reviews
