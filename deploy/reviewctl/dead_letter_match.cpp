#include "deploy/reviewctl/dead_letter_match.hpp"

#include <algorithm>

namespace reviews::ctl {

namespace {

std::uint64_t hash_of(dead_letter_match::bytes part) {
  // Null and empty are two things in Kafka.
  return part ? std::hash<std::string_view>()(*part) : 0x6e756c6cu;
}

std::uint64_t hash_of(dead_letter_match::bytes key, dead_letter_match::bytes value) {
  return hash_of(key) * 0x9e3779b97f4a7c15u + hash_of(value);
}

} // namespace

void dead_letter_match::add_invalid(log_place place, bytes key, bytes value) {
  invalid_.push_back({hash_of(key, value), place});
}

void dead_letter_match::add_dead_letter(bytes key, bytes value) {
  dead_letters_.push_back(hash_of(key, value));
}

std::size_t dead_letter_match::visit_missing(const std::function<bool(log_place)>& is_consumed,
                                             const std::function<void(log_place)>& visit) {
  std::sort(invalid_.begin(), invalid_.end());
  std::sort(dead_letters_.begin(), dead_letters_.end());
  std::size_t pending_count = 0;
  auto letter = dead_letters_.begin();
  for (const auto& each : invalid_) {
    letter = std::lower_bound(letter, dead_letters_.end(), each.hash);
    const bool has_letter = letter != dead_letters_.end() && *letter == each.hash;
    if (!is_consumed(each.place))
      ++pending_count;
    else if (has_letter)
      ++letter;
    else
      visit(each.place);
  }
  return pending_count;
}

} // namespace reviews::ctl
