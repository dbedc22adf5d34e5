#pragma once

#include "actors/model/recent_commits.hpp"
#include "actors/model/stored_review.hpp"

#include <cstddef>
#include <string>
#include <string_view>

/// Events as they go over the wire: `event`, `id`, `data` and an empty line
/// (HTML Living Standard, 9.2 Server-sent events).
namespace reviews {

/// A review that was stored.
/// @param consumed_at By the consumer's clock.
/// @param skipped Reviews stored since the event before that no event tells of.
std::string review_event(const stored_review& what, const heard_commit& by, timestamp consumed_at,
                         std::size_t skipped);

/// The state of the pipeline, JSON without a line end.
std::string pipeline_event(std::string_view json);

} // namespace reviews
