#include "config/text.hpp"

#include "actors/model/utf8.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace reviews::config {

namespace {

bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool is_name_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-';
}

bool is_origin(std::string_view text) noexcept {
  if (text == "*")
    return true;
  for (std::string_view scheme : {"http://", "https://"})
    if (text.substr(0, scheme.size()) == scheme)
      return text.size() > scheme.size() &&
             text.find_first_of("/?#@ ,", scheme.size()) == std::string_view::npos;
  return false;
}

} // namespace

bool obeys(text_rule rule, std::string_view text) noexcept {
  if (!is_utf8(text) || std::any_of(text.begin(), text.end(), is_control))
    return false;
  switch (rule) {
  case text_rule::any: return true;
  case text_rule::word: return text.find(' ') == std::string_view::npos;
  case text_rule::name: return std::all_of(text.begin(), text.end(), is_name_character);
  case text_rule::origin: return is_origin(text);
  }
  return false;
}

bool is_utf8(std::string_view text) noexcept {
  return utf8::well_formed_prefix(text) == text.size();
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    auto piece = text.substr(0, end);
    piece.remove_prefix(std::min(piece.find_first_not_of(' '), piece.size()));
    piece = piece.substr(0, piece.find_last_not_of(' ') + 1);
    pieces.emplace_back(piece);
    if (end + 1 == text.size())
      pieces.emplace_back();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return pieces;
}

std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    auto diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const auto replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row.back();
}

std::string nearest(std::string_view text, const std::vector<std::string>& candidates) {
  constexpr std::size_t length_max = 256;
  if (text.size() > length_max)
    return {};
  const std::string* best = nullptr;
  auto least = std::max<std::size_t>(2, text.size() / 3) + 1;
  for (const auto& candidate : candidates)
    if (const auto edits = distance(text, candidate); edits < least && edits < candidate.size()) {
      least = edits;
      best = &candidate;
    }
  return best != nullptr ? *best : std::string();
}

} // namespace reviews::config
