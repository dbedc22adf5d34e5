#include "actors/model/utf8.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace reviews::utf8 {

namespace {

std::uint8_t byte_at(std::string_view text, std::size_t i) noexcept {
  return static_cast<std::uint8_t>(text[i]);
}

bool is_continuation(std::uint8_t byte) noexcept {
  return (byte & 0xC0) == 0x80;
}

/// Continuation bytes among eight: top bit set, next one clear.
std::size_t continuations_in(std::uint64_t word) noexcept {
  constexpr std::uint64_t top_bits = 0x8080808080808080;
  return static_cast<std::size_t>(std::popcount(word & ~(word << 1) & top_bits));
}

/// Table 3-7: how long a sequence is by its first byte, and what the second may be.
struct lead {
  std::size_t length = 0; ///< 0: no sequence begins so.
  std::uint8_t second_min = 0x80;
  std::uint8_t second_max = 0xBF;
};

lead lead_of(std::uint8_t first) noexcept {
  if (first < 0x80)
    return {1};
  if (first < 0xC2 || first > 0xF4)
    return {0};
  if (first < 0xE0)
    return {2};
  switch (first) {
  case 0xE0: return {3, 0xA0, 0xBF};
  case 0xED: return {3, 0x80, 0x9F};
  case 0xF0: return {4, 0x90, 0xBF};
  case 0xF4: return {4, 0x80, 0x8F};
  default: return {first < 0xF0 ? std::size_t{3} : std::size_t{4}};
  }
}

/// Length of the well-formed sequence that `text` begins with; 0 when none.
std::size_t sequence_length(std::string_view text) noexcept {
  const auto expected = lead_of(byte_at(text, 0));
  if (expected.length < 2)
    return expected.length;
  if (text.size() < expected.length || byte_at(text, 1) < expected.second_min ||
      byte_at(text, 1) > expected.second_max)
    return 0;
  for (std::size_t i = 2; i < expected.length; ++i)
    if (!is_continuation(byte_at(text, i)))
      return 0;
  return expected.length;
}

/// Length of the White_Space code point that `text` begins with; 0 when none.
std::size_t white_space_length(std::string_view text) noexcept {
  const auto first = byte_at(text, 0);
  if (first == 0x20 || (first >= 0x09 && first <= 0x0D))
    return 1;
  if (first != 0xC2 && (first < 0xE1 || first > 0xE3))
    return 0; // None of those below: most letters end here.
  // U+0085 U+00A0 U+1680 U+2000..U+200A U+2028 U+2029 U+202F U+205F U+3000
  static constexpr std::array<std::string_view, 19> wide{
      "\u0085", "\u00A0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
      "\u2007", "\u2008", "\u2009", "\u200A", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000"};
  for (const auto candidate : wide)
    if (text.starts_with(candidate))
      return candidate.size();
  return 0;
}

} // namespace

std::size_t count_code_points(std::string_view text) noexcept {
  std::size_t continuations = 0;
  std::size_t i = 0;
  for (; i + sizeof(std::uint64_t) <= text.size(); i += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, sizeof word);
    continuations += continuations_in(word);
  }
  for (; i < text.size(); ++i)
    continuations += is_continuation(byte_at(text, i)) ? 1 : 0;
  return text.size() - continuations;
}

bool is_only_white_space(std::string_view text) noexcept {
  while (!text.empty()) {
    const auto length = white_space_length(text);
    if (length == 0)
      return false;
    text.remove_prefix(length);
  }
  return true;
}

std::size_t well_formed_prefix(std::string_view text) noexcept {
  std::size_t prefix = 0;
  while (prefix < text.size()) {
    const auto length = sequence_length(text.substr(prefix));
    if (length == 0)
      break;
    prefix += length;
  }
  return prefix;
}

std::string replace_ill_formed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto good = well_formed_prefix(text);
    out.append(text.substr(0, good));
    text.remove_prefix(good);
    if (!text.empty()) {
      out.append("\uFFFD");
      text.remove_prefix(1);
    }
  }
  return out;
}

} // namespace reviews::utf8
