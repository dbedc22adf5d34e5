#include "db/read_statements.hpp"

#include "db/array_literal.hpp"

#include <cassert>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace reviews {

namespace {

constexpr const char* by_id_name = "review_by_id";
constexpr const char* by_ids_name = "reviews_by_ids";
constexpr const char* newest_name = "newest_reviews";
constexpr const char* older_name = "older_reviews";
constexpr const char* rating_name = "rating";
constexpr const char* offsets_name = "offsets";

/// What `review_of` reads, in its order. Times are microseconds since 1970, as numbers.
#define REVIEWS_COLUMNS                                                                                      \
  "review_id, vendor_id, author, rating, title, text, (extract(epoch from created_at) * 1000000)::bigint, "  \
  "(extract(epoch from stored_at) * 1000000)::bigint, topic_partition, topic_offset"

constexpr const char* by_id_sql = "select " REVIEWS_COLUMNS " from reviews where review_id = $1::uuid";

constexpr const char* by_ids_sql =
    "select " REVIEWS_COLUMNS " from unnest($1::uuid[]) with ordinality as asked (id, place) "
    "join reviews on review_id = id order by place";

constexpr const char* newest_sql = "select " REVIEWS_COLUMNS " from reviews where vendor_id = $1 "
                                   "order by created_at desc, review_id desc limit $2::integer";

/// A row comparison, so that the index `reviews_by_vendor` begins right at the place.
constexpr const char* older_sql = "select " REVIEWS_COLUMNS " from reviews where vendor_id = $1 "
                                  "and (created_at, review_id) < ($3::timestamptz, $4::uuid) "
                                  "order by created_at desc, review_id desc limit $2::integer";

constexpr const char* rating_sql =
    "select rating_count, rating_sum, count_1, count_2, count_3, count_4, count_5 "
    "from vendor_ratings where vendor_id = $1";

constexpr const char* offsets_sql = "select topic_partition, next_offset from consumer_offsets "
                                    "where group_id = $1 and topic = $2 order by topic_partition";

#undef REVIEWS_COLUMNS

template <class Field>
std::string text_of(const Field& field) {
  return std::string(field.c_str(), field.size());
}

template <class Field>
std::optional<std::string> optional_text_of(const Field& field) {
  return field.is_null() ? std::nullopt : std::optional(text_of(field));
}

template <class Field>
timestamp time_of(const Field& field) {
  return timestamp(std::chrono::microseconds(field.template as<std::int64_t>()));
}

template <class Row>
stored_review review_of(const Row& row) {
  stored_review found;
  found.what.id = parse_review_id(std::string_view(row[0].c_str(), row[0].size())).value();
  found.what.vendor_id = text_of(row[1]);
  found.what.author = text_of(row[2]);
  found.what.rating = row[3].template as<int>();
  found.what.title = optional_text_of(row[4]);
  found.what.text = optional_text_of(row[5]);
  found.what.created_at = time_of(row[6]);
  found.stored_at = time_of(row[7]);
  found.partition = row[8].template as<std::int32_t>();
  found.offset = row[9].template as<std::int64_t>();
  return found;
}

std::vector<stored_review> reviews_of(const pqxx::result& rows) {
  std::vector<stored_review> found;
  found.reserve(static_cast<std::size_t>(rows.size()));
  for (const auto& row : rows)
    found.push_back(review_of(row));
  return found;
}

} // namespace

void prepare_read_statements(pq::connection& database) {
  {
    pqxx::nontransaction tx(database);
    tx.exec("set default_transaction_read_only = on");
  }
  database.prepare(by_id_name, by_id_sql);
  database.prepare(by_ids_name, by_ids_sql);
  database.prepare(newest_name, newest_sql);
  database.prepare(older_name, older_sql);
  database.prepare(rating_name, rating_sql);
  database.prepare(offsets_name, offsets_sql);
}

std::optional<stored_review> read_review_of_id(pq::connection& database, const review_id& id) {
  pqxx::nontransaction tx(database);
  const auto rows = pq::exec_prepared(tx, by_id_name, to_string(id));
  return rows.empty() ? std::nullopt : std::optional(review_of(rows[0]));
}

review_page read_reviews_of_vendor(pq::connection& database, const std::string& vendor_id,
                                   const std::optional<review_place>& after, std::size_t limit) {
  assert(limit >= 1 && limit <= page_reviews_max);
  pqxx::nontransaction tx(database);
  const auto wanted = static_cast<int>(limit) + 1; // one more tells whether there is more
  review_page page;
  page.reviews = reviews_of(after ? pq::exec_prepared(tx, older_name, vendor_id, wanted,
                                                      format_rfc3339(after->created_at), to_string(after->id))
                                  : pq::exec_prepared(tx, newest_name, vendor_id, wanted));
  if (page.reviews.size() > limit) {
    page.reviews.resize(limit);
    const auto& last = page.reviews.back().what;
    page.next = review_place{last.created_at, last.id};
  }
  return page;
}

rating_counts read_rating_of_vendor(pq::connection& database, const std::string& vendor_id) {
  pqxx::nontransaction tx(database);
  const auto rows = pq::exec_prepared(tx, rating_name, vendor_id);
  if (rows.empty())
    return {};
  rating_counts counts{rows[0][0].as<std::int64_t>(), rows[0][1].as<std::int64_t>()};
  int column = 2;
  for (auto& each : counts.of_rating)
    each = rows[0][column++].as<std::int64_t>();
  return counts;
}

std::vector<stored_review> read_reviews_of_ids(pq::connection& database, const std::vector<review_id>& ids) {
  pqxx::nontransaction tx(database);
  const auto wanted =
      array_literal(ids, [](std::string& text, const review_id& each) { append_to(text, each); });
  return reviews_of(pq::exec_prepared(tx, by_ids_name, wanted));
}

std::vector<stored_offset> read_offsets_of_log(pq::connection& database, const stored_log& log) {
  pqxx::nontransaction tx(database);
  std::vector<stored_offset> found;
  for (const auto& row : pq::exec_prepared(tx, offsets_name, log.group_id, log.topic))
    found.push_back({row[0].as<std::int32_t>(), row[1].as<std::int64_t>()});
  return found;
}

} // namespace reviews
