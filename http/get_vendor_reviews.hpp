#pragma once

#include "actors/ports/review_queries.hpp"
#include "http/http_metrics.hpp"
#include "http/router.hpp"

namespace reviews {

/// Serves `GET /v1/vendors/{vendor_id}/reviews`: a vendor's reviews in pages,
/// newest first.
///
/// `limit` 1..100, 20 unless told; `cursor` as `next_cursor` of the page before
/// it: else 400. Other query parameters are passed over. The same page is told by
/// `next_cursor` and by `Link` with `rel="next"` (RFC 8288); null and none on the last one.
/// @param queries Must outlive the server. @param metrics May be null.
void add_get_vendor_reviews(router& routes, review_queries& queries, http_metrics* metrics);

} // namespace reviews
