#pragma once

#include "actors/ports/review_store.hpp"
#include "db/params.hpp"

#include <string>

namespace reviews {

/// Builds stores of `topic` for the consumer group `group_id`. Each owns one
/// connection, made at first use and again after a failure other than `poisoned`
/// or `fenced`.
///
/// A batch is one statement and so one transaction and one round trip. When the
/// connection is lost before its answer, `store` fails with `unavailable` and
/// nobody knows whether it was committed. The retry of that very batch, by any store of
/// the same factory, tells: if the stored offset already is its `next_offset`, it was, and
/// `store` succeeds with the counts of the first attempt. Any other batch is `fenced`.
///
/// @param queue_usage_max While Postgres's queue of notices is fuller, 0..1, batches
/// are stored without being told, and reports are dropped.
review_store_factory make_review_store_factory(database_params where, std::string group_id, std::string topic,
                                               double queue_usage_max = notice_queue_usage_max);

} // namespace reviews
