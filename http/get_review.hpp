#pragma once

#include "actors/ports/review_queries.hpp"
#include "http/http_metrics.hpp"
#include "http/router.hpp"

namespace reviews {

/// Serves `GET /v1/reviews/{review_id}`: 200 once it is stored, for good and so
/// cacheable for a day; 404 until then, and for what is no UUID.
/// @param queries Must outlive the server. @param metrics May be null.
void add_get_review(router& routes, review_queries& queries, http_metrics* metrics);

} // namespace reviews
