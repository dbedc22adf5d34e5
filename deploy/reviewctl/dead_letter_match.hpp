#pragma once

#include "deploy/reviewctl/topic_index.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace reviews::ctl {

/// Finds records that should be in the dead-letter topic and are not. A dead
/// letter has its record's key and value as they were, so the two are compared
/// by a 64-bit hash of both: 24 bytes a record, 8 a dead letter.
class dead_letter_match {
public:
  using bytes = std::optional<std::string_view>;

  /// A record of the topic that is no review.
  void add_invalid(log_place place, bytes key, bytes value);

  void add_dead_letter(bytes key, bytes value);

  /// Visits the consumed records without a dead letter of their own: of n alike
  /// with m dead letters the last n - m. Returns how many are not consumed yet.
  std::size_t visit_missing(const std::function<bool(log_place)>& is_consumed,
                            const std::function<void(log_place)>& visit);

  std::size_t invalid_count() const { return invalid_.size(); }
  std::size_t dead_letter_count() const { return dead_letters_.size(); }

private:
  struct invalid_record {
    std::uint64_t hash = 0;
    log_place place;
    auto operator<=>(const invalid_record&) const = default;
  };

  std::vector<invalid_record> invalid_;
  std::vector<std::uint64_t> dead_letters_;
};

} // namespace reviews::ctl
