#pragma once

#include "actors/ports/review_queries.hpp"
#include "http/http_metrics.hpp"
#include "http/router.hpp"

namespace reviews {

/// Serves `GET /v1/vendors/{vendor_id}/rating`: how many reviews of each rating,
/// and their mean to two decimals. A vendor nobody has rated has a count of 0 and a null mean.
/// @param queries Must outlive the server. @param metrics May be null.
void add_get_vendor_rating(router& routes, review_queries& queries, http_metrics* metrics);

} // namespace reviews
