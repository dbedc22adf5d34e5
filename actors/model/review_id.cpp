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

int digit_of(char c) noexcept {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

bool is_dash_place(std::size_t i) noexcept {
  return i == 8 || i == 13 || i == 18 || i == 23;
}

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
  if (text.size() != text_length)
    return std::nullopt;
  review_id id{};
  auto* out = id.begin();
  for (std::size_t i = 0; i < text.size();) {
    if (is_dash_place(i)) {
      if (text[i++] != '-')
        return std::nullopt;
      continue;
    }
    const int high = digit_of(text[i]);
    const int low = digit_of(text[i + 1]);
    if (high < 0 || low < 0)
      return std::nullopt;
    *out++ = static_cast<std::uint8_t>(high * 16 + low);
    i += 2;
  }
  return id;
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
