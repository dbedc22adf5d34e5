#include "actors/model/timestamp.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace reviews {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr timestamp first_moment = sys_days{year{1} / 1 / 1};
constexpr timestamp last_moment = sys_days{year{10000} / 1 / 1} - microseconds{1};

/// Writes `value` in `digits` decimal digits, zeros in front.
char* put(char* at, std::uint64_t value, int digits) noexcept {
  for (int i = digits - 1; i >= 0; --i) {
    at[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return at + digits;
}

/// Takes a text apart from its front. A miss makes it bad for good.
class scanner {
public:
  explicit scanner(std::string_view text) noexcept : rest_(text) {}

  /// The next `digits` characters as a number.
  int number(std::size_t digits) noexcept {
    if (rest_.size() < digits)
      return miss();
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (!is_digit(rest_[i]))
        return miss();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }

  /// The next character when it is one of `set`, else 0 and bad.
  char one_of(std::string_view set) noexcept {
    for (const char wanted : set)
      if (!rest_.empty() && rest_.front() == wanted) {
        rest_.remove_prefix(1);
        return wanted;
      }
    return static_cast<char>(miss());
  }

  /// A fraction of a second, `.` and 1 to 9 digits, when there is one.
  microseconds fraction() noexcept {
    if (rest_.empty() || rest_.front() != '.')
      return microseconds{0};
    rest_.remove_prefix(1);
    std::size_t digits = 0;
    std::int64_t value = 0;
    for (; digits < rest_.size() && is_digit(rest_[digits]); ++digits)
      if (digits < 6)
        value = value * 10 + (rest_[digits] - '0');
    if (digits < 1 || digits > 9)
      miss();
    for (std::size_t i = digits; i < 6; ++i)
      value *= 10;
    rest_.remove_prefix(digits);
    return microseconds{value};
  }

  bool is_bad() const noexcept { return bad_; }
  bool is_at_end() const noexcept { return rest_.empty(); }

private:
  static bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
  int miss() noexcept {
    bad_ = true;
    return 0;
  }

  std::string_view rest_;
  bool bad_ = false;
};

/// The offset from UTC: `Z` or `+hh:mm` or `-hh:mm`.
std::optional<minutes> offset_of(scanner& from) noexcept {
  const char sign = from.one_of("Zz+-");
  if (sign != '+' && sign != '-')
    return minutes{0};
  const int hour = from.number(2);
  from.one_of(":");
  const int minute = from.number(2);
  if (hour > 23 || minute > 59)
    return std::nullopt;
  const auto distance = hours{hour} + minutes{minute};
  return sign == '+' ? distance : -distance;
}

bool is_start_of_month(timestamp when) noexcept {
  const auto day = std::chrono::floor<days>(when);
  return year_month_day{day}.day() == std::chrono::day{1} && when - day < seconds{1};
}

} // namespace

timestamp now_utc() noexcept {
  return std::chrono::floor<microseconds>(std::chrono::system_clock::now());
}

void append_rfc3339(std::string& out, timestamp when) {
  when = std::clamp(when, first_moment, last_moment);
  const auto day = std::chrono::floor<days>(when);
  const year_month_day date{day};
  const std::chrono::hh_mm_ss time{when - day};

  std::array<char, 27> text{};
  char* at = put(text.data(), static_cast<std::uint64_t>(static_cast<int>(date.year())), 4);
  *at++ = '-';
  at = put(at, static_cast<unsigned>(date.month()), 2);
  *at++ = '-';
  at = put(at, static_cast<unsigned>(date.day()), 2);
  *at++ = 'T';
  at = put(at, static_cast<std::uint64_t>(time.hours().count()), 2);
  *at++ = ':';
  at = put(at, static_cast<std::uint64_t>(time.minutes().count()), 2);
  *at++ = ':';
  at = put(at, static_cast<std::uint64_t>(time.seconds().count()), 2);
  *at++ = '.';
  at = put(at, static_cast<std::uint64_t>(time.subseconds().count()), 6);
  *at = 'Z';
  out.append(text.data(), text.size());
}

std::string format_rfc3339(timestamp when) {
  std::string out;
  append_rfc3339(out, when);
  return out;
}

std::optional<timestamp> parse_rfc3339(std::string_view text) noexcept {
  scanner from{text};
  const year years{from.number(4)};
  from.one_of("-");
  const std::chrono::month months{static_cast<unsigned>(from.number(2))};
  from.one_of("-");
  const std::chrono::day day{static_cast<unsigned>(from.number(2))};
  from.one_of("Tt");
  const int hour = from.number(2);
  from.one_of(":");
  const int minute = from.number(2);
  from.one_of(":");
  const int second = from.number(2);
  const auto fraction = from.fraction();
  const auto offset = offset_of(from);

  const year_month_day date{years, months, day};
  if (from.is_bad() || !from.is_at_end() || !offset || !date.ok() || hour > 23 || minute > 59 || second > 60)
    return std::nullopt;
  const timestamp when =
      sys_days{date} + hours{hour} + minutes{minute} + seconds{second} + fraction - *offset;
  if (second == 60 && !is_start_of_month(when))
    return std::nullopt;
  if (when < first_moment || when > last_moment)
    return std::nullopt;
  return when;
}

} // namespace reviews
