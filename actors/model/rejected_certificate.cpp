#include "actors/model/rejected_certificate.hpp"

#include <algorithm>
#include <array>

namespace reviews {

bool names_a_rejected_certificate(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 8> words{
      "certificate verify failed", "bad certificate",     "unknown ca",           "certificate unknown",
      "certificate expired",       "certificate revoked", "certificate required", "unsupported certificate"};
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

} // namespace reviews
