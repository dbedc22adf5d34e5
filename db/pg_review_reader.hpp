#pragma once

#include "actors/ports/review_reader.hpp"
#include "db/params.hpp"

#include <string>

namespace reviews {

/// Builds readers of what `group_id` stored of `topic`. Each owns one connection
/// that cannot write, made at first use and again after a failure.
///
/// A connection that ended while nobody used it, as all do when the server
/// restarts, is replaced within the call that finds out: reading twice harms nobody.
review_reader_factory make_review_reader_factory(database_params where, std::string group_id,
                                                 std::string topic);

} // namespace reviews
