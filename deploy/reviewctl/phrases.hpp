#pragma once

#include <span>
#include <string_view>

namespace reviews::ctl {

/// What reviews in one language are made of, UTF-8.
struct language {
  unsigned weight = 1; ///< Its share among all languages.
  std::span<const std::string_view> names;
  std::span<const std::string_view> titles;
  std::span<const std::string_view> sentences;
  std::string_view gap = " "; ///< Between two sentences.
};

/// Fourteen languages in ten scripts, right-to-left ones among them.
std::span<const language> languages();

/// Emoji, with modifiers, joiners and flags among them.
std::span<const std::string_view> emoji();

/// What vendors are: `cafe`, `hotel`, …
std::span<const std::string_view> trades();

} // namespace reviews::ctl
