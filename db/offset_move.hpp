#pragma once

#include "actors/model/failure.hpp"
#include "db/params.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reviews {

/// The stored offset of one partition, moved by hand.
struct offset_move {
  std::int32_t partition = -1;
  std::optional<std::int64_t> from; ///< As it was when the operator looked; none: nothing stored.
  std::int64_t to = 0;
};

/// Moves stored offsets in any direction, all in one transaction: `fenced` and
/// nothing moved when one of them is not `from` any more. The one way back for a
/// `next_offset`, for the operator's tool only. Also fails with `unavailable`
/// (perhaps moved: look again), `refused` or `broken`. Blocking.
outcome<void> move_offsets(const database_params& where, const std::string& group_id,
                           const std::string& topic, const std::vector<offset_move>& moves);

} // namespace reviews
