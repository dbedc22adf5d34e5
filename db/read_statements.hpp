#pragma once

#include "actors/model/stored_review.hpp"
#include "db/pqxx_compat.hpp"
#include "db/store_statements.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace reviews {

// The SQL of `pg_review_reader`. Everything here throws libpqxx's exceptions:
// call it within `session::call`.

/// Keeps the session from writing, and prepares what the others run; once per
/// connection, before them.
void prepare_read_statements(pq::connection& database);

/// See `review_reader::review`: by the primary key.
std::optional<stored_review> read_review_of_id(pq::connection& database, const review_id& id);

/// See `review_reader::reviews_of`: as many index entries as there are rows, and
/// one more. @param limit 1..`page_reviews_max`.
review_page read_reviews_of_vendor(pq::connection& database, const std::string& vendor_id,
                                   const std::optional<review_place>& after, std::size_t limit);

/// See `review_reader::rating_of`: one row.
rating_counts read_rating_of_vendor(pq::connection& database, const std::string& vendor_id);

/// See `review_reader::reviews`.
std::vector<stored_review> read_reviews_of_ids(pq::connection& database, const std::vector<review_id>& ids);

/// See `review_reader::stored_offsets`.
std::vector<stored_offset> read_offsets_of_log(pq::connection& database, const stored_log& log);

} // namespace reviews
