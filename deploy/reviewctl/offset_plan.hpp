#pragma once

#include "deploy/reviewctl/partition_view.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reviews::ctl {

/// Where an operator wants a partition to go on.
struct offset_target {
  enum class kind : std::uint8_t { begin, end, offset, time };
  kind what = kind::begin;
  std::int64_t offset = 0; ///< Of `offset`.
  timestamp time{};        ///< Of `time`: at the first record written then or later.
};

/// `begin`, `end`, a number, RFC 3339, or `2h` for two hours before `now`.
std::optional<offset_target> parse_offset_target(std::string_view text, timestamp now);

/// What moving a partition's stored offset to `to` means.
struct offset_plan {
  std::int32_t partition = -1;
  std::optional<std::int64_t> from;
  std::int64_t to = 0;
  std::int64_t skipped_count = 0; ///< In the log, never to be stored.
  std::int64_t again_count = 0;   ///< To be read although they were stored already.
  std::int64_t gone_count = 0;    ///< Removed by retention before they were stored.

  bool changes() const { return from != to; }
};

/// `invalid` when `to` lies outside the log.
outcome<offset_plan> plan_offset(const partition_view& view, std::int64_t to);

/// `partition 3: from 120 to 100: 20 records would be read again (duplicates are harmless)`.
/// `is_done`: as something that has happened.
std::string account_of(const offset_plan& plan, bool is_done);

} // namespace reviews::ctl
