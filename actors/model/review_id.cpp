#include "actors/model/review_id.hpp"

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace reviews {

namespace {

constexpr std::size_t text_length = 36;

/// Random words from the operating system, fetched many at a time.
class random_words {
public:
  std::uint64_t next() {
    if (used_ == words_.size())
      fill();
    return words_[used_++];
  }

private:
  void fill() {
    // 256 bytes is the most that one getentropy(3) gives.
    static_assert(sizeof words_ <= 256);
    if (::getentropy(words_.data(), sizeof words_) != 0)
      throw std::system_error(errno, std::generic_category(), "getentropy");
    used_ = 0;
  }

  std::array<std::uint64_t, 32> words_{};
  std::size_t used_ = words_.size();
};

/// Milliseconds since 1970 in 48 bits, then the part of a millisecond in 12
/// (RFC 9562, section 6.2, method 3).
std::uint64_t ticks_of(timestamp when) noexcept {
  constexpr std::int64_t microseconds_max = ((std::int64_t{1} << 48) - 1) * 1000;
  const auto count = std::clamp<std::int64_t>(when.time_since_epoch().count(), 0, microseconds_max);
  const auto micros = static_cast<std::uint64_t>(count);
  return (micros / 1000) << 12 | (micros % 1000) * 4096 / 1000;
}

void put_big_endian(review_id& id, std::size_t from, std::uint64_t word) noexcept {
  for (std::size_t i = 0; i < sizeof word; ++i)
    *(id.begin() + from + i) = static_cast<std::uint8_t>(word >> (56 - 8 * i));
}

/// The value of each hexadecimal digit; -1 for every other character. A table, because comparisons by
/// ranges of random digits are mispredicted: 0.1 of some 3 µs of CPU that the consumer took a record.
constexpr auto digit_values = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < 10; ++i)
    values['0' + i] = static_cast<std::int8_t>(i);
  for (std::size_t i = 0; i < 6; ++i)
    values['a' + i] = values['A' + i] = static_cast<std::int8_t>(10 + i);
  return values;
}();

int digit_of(char c) noexcept {
  return digit_values[static_cast<unsigned char>(c)];
}

/// Where the two digits of each byte begin (RFC 9562, section 4).
constexpr std::array<std::size_t, 16> byte_places{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};

} // namespace

review_id make_review_id(timestamp when) {
  thread_local random_words words;
  thread_local std::uint64_t last_ticks = 0;

  last_ticks = std::max(ticks_of(when), last_ticks + 1);
  const std::uint64_t milliseconds = last_ticks >> 12;
  const std::uint64_t within = last_ticks & 0xFFF;
  constexpr std::uint64_t version = 0x7000;
  constexpr std::uint64_t variant = 0x8000000000000000;

  review_id id{};
  put_big_endian(id, 0, milliseconds << 16 | version | within);
  put_big_endian(id, 8, variant | words.next() >> 2);
  return id;
}

review_id review_id_of_key(std::string_view vendor_id, std::string_view key) {
  static const review_id space = parse_review_id("b1f5a9de-52c4-5f6e-9b0b-3d8f0c1a7e42").value();
  std::string name;
  name.reserve(vendor_id.size() + 1 + key.size());
  name.append(vendor_id).append(1, '\x1F').append(key);
  const boost::uuids::name_generator_sha1 in_space{space};
  return in_space(name.data(), name.size());
}

std::optional<review_id> parse_review_id(std::string_view text) noexcept {
  if (text.size() != text_length || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
    return std::nullopt;
  review_id id{};
  int all = 0; // negative once any digit is none
  auto* out = id.begin();
  for (const auto place : byte_places) {
    const int high = digit_of(text[place]);
    const int low = digit_of(text[place + 1]);
    all |= high | low;
    *out++ = static_cast<std::uint8_t>(high * 16 + low);
  }
  return all < 0 ? std::nullopt : std::optional(id);
}

std::string to_string(const review_id& id) {
  std::string out;
  append_to(out, id);
  return out;
}

void append_to(std::string& out, const review_id& id) {
  std::array<char, text_length> text{};
  boost::uuids::to_chars(id, text.data(), text.data() + text.size());
  out.append(text.data(), text.size());
}

} // namespace reviews
