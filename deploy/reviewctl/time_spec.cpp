#include "deploy/reviewctl/time_spec.hpp"

#include <charconv>
#include <chrono>
#include <cstdint>

namespace reviews::ctl {

namespace {

constexpr std::uint32_t days_max = 36'500;
constexpr double rate_max = 1e6;

std::optional<std::chrono::seconds> unit_of(char letter) {
  switch (letter) {
  case 's': return std::chrono::seconds(1);
  case 'm': return std::chrono::minutes(1);
  case 'h': return std::chrono::hours(1);
  case 'd': return std::chrono::hours(24);
  default: return std::nullopt;
  }
}

} // namespace

std::optional<timestamp> parse_moment(std::string_view text, timestamp now) {
  if (text.empty())
    return std::nullopt;
  const auto unit = unit_of(text.back());
  std::uint32_t count = 0;
  const auto* end = text.data() + text.size() - 1;
  const auto read = std::from_chars(text.data(), end, count);
  if (!unit || read.ec != std::errc() || read.ptr != end)
    return parse_rfc3339(text);
  const auto ago = *unit * static_cast<std::int64_t>(count);
  return ago <= std::chrono::hours(24) * days_max ? std::optional(now - ago) : std::nullopt;
}

std::optional<double> parse_rate(std::string_view text) {
  double seconds = 1;
  if (text.ends_with("/s") || text.ends_with("/m")) {
    seconds = text.back() == 's' ? 1 : 60;
    text.remove_suffix(2);
  }
  double count = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, count);
  const bool is_number = read.ec == std::errc() && read.ptr == end;
  return is_number && count > 0 && count / seconds <= rate_max ? std::optional(count / seconds)
                                                               : std::nullopt;
}

} // namespace reviews::ctl
