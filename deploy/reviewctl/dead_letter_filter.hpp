#pragma once

#include "deploy/reviewctl/dead_letter.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace reviews::ctl {

/// Which dead letters are meant: those that every filter given lets pass.
struct dead_letter_filter {
  std::vector<std::string> reasons; ///< Any of them; likewise below.
  std::vector<std::string> vendors;
  std::vector<std::int32_t> partitions; ///< Of the origin.
  std::vector<std::int64_t> offsets;    ///< Of the origin.
  std::vector<log_place> ids;           ///< In the dead-letter topic.
  std::optional<timestamp> since;       ///< Dead-lettered then or later.
  std::optional<timestamp> until;       ///< Dead-lettered before.
  std::optional<std::uint64_t> attempts_max;
  bool with_resolved = false; ///< Also those that were replayed or dropped already.

  /// True when nothing narrows the choice down.
  bool is_open() const;

  bool passes(const dead_letter& letter) const;
};

/// Adds the filters as options. `filter` must outlive the parsing.
void add_filters(CLI::App& command, dead_letter_filter& filter);

/// Adds the positional IDs, `PARTITION:OFFSET` as `dlq list` shows them.
void add_ids(CLI::App& command, dead_letter_filter& filter, bool are_required);

/// `3:17`; nothing when malformed.
std::optional<log_place> parse_letter_id(std::string_view text);

/// `3:17`.
std::string to_text(log_place place);

} // namespace reviews::ctl
