#pragma once

#include "actors/ports/commit_waits.hpp"
#include "actors/ports/review_intake.hpp"
#include "http/endpoint.hpp"
#include "http/http_metrics.hpp"
#include "http/params.hpp"
#include "http/router.hpp"

namespace reviews {

/// Serves `POST /v1/reviews`: one review (`application/json`) or a batch
/// (`application/x-ndjson`), each published once and answered 202 only with the
/// broker's acknowledgement.
///
/// - An `Idempotency-Key` beside a `review_id` member: 422, unless both name the
///   same id.
/// - A batch is published by one call, its valid lines in their order; an empty
///   last line is none, an empty line before it a 400 of its own.
/// - All reviews of one request share one `created_at`.
/// @param intake Must outlive the server.
/// @param params Its `body_bytes_max` also bounds a line of a batch.
/// - `Prefer: wait=N` (RFC 7240) of one review holds the answer until the review is
///   stored, at most N seconds from its arrival (60, and less than the request's
///   timeout): 201 with the times of its stages, or 200 when a review of its id was
///   stored before. Else 202 as without. A batch is not waited for.
/// @param metrics May be null; counts `reviews_rejected_total`.
/// @param waits Must outlive the server; null: nobody waits.
void add_post_reviews(router& routes, review_intake& intake, const http_params& params, http_metrics* metrics,
                      commit_waits* waits = nullptr);

} // namespace reviews
