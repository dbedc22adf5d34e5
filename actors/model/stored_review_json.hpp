#pragma once

#include "actors/model/stored_review.hpp"

#include <string>

namespace reviews {

/// Appends the review as clients read it: the members of a record, then
/// `stored_at`, `partition` and `offset`. Absent ones are left out.
void append_json(std::string& out, const stored_review& stored);

} // namespace reviews
