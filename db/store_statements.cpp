#include "db/store_statements.hpp"

#include "db/array_literal.hpp"

#include <string>

namespace reviews {

namespace {

constexpr const char* store_batch_name = "store_batch";

/// Stands for "no stored offset": no parameter is ever null.
constexpr std::int64_t no_offset = -1;

/// $1 group, $2 topic, $3 partition, $4 from (or no_offset), $5 next, $6..$13 the columns, $14 the notice,
/// $15 how full the queue of notices may be. The third column is null when nothing was told.
///
/// The parts depend on each other through what they return, so that the offset
/// moves first and the rest does nothing when it did not. All writers lock in
/// the same order: offset, reviews by id, ratings by vendor. Listeners hear of the
/// batch when it is committed, and never of one that was fenced.
constexpr const char* store_batch_sql = R"(
with started as (
  insert into consumer_offsets (group_id, topic, topic_partition, next_offset)
  select $1::text, $2::text, $3::integer, $5::bigint where $4::bigint < 0
  on conflict do nothing
  returning 1
), advanced as (
  update consumer_offsets set next_offset = $5, updated_at = now()
  where group_id = $1 and topic = $2 and topic_partition = $3 and next_offset = $4
  returning 1
), moved as (
  select from started union all select from advanced
), fresh as (
  insert into reviews (review_id, vendor_id, author, rating, title, text, created_at,
                       topic_partition, topic_offset)
  select id, vendor, author, rating, title, text, at, $3, place
  from rows from (unnest($6::uuid[]), unnest($7::text[]), unnest($8::text[]), unnest($9::smallint[]),
                  unnest($10::text[]), unnest($11::text[]), unnest($12::timestamptz[]),
                  unnest($13::bigint[]))
       as sent (id, vendor, author, rating, title, text, at, place)
  where exists (select from moved)
  on conflict (review_id) do nothing
  returning vendor_id, rating
), rated as (
  insert into vendor_ratings as known (vendor_id, rating_count, rating_sum,
                                       count_1, count_2, count_3, count_4, count_5)
  select vendor_id, count(*), sum(rating),
         count(*) filter (where rating = 1), count(*) filter (where rating = 2),
         count(*) filter (where rating = 3), count(*) filter (where rating = 4),
         count(*) filter (where rating = 5)
  from fresh group by vendor_id order by vendor_id collate "C"
  on conflict (vendor_id) do update set
    rating_count = known.rating_count + excluded.rating_count,
    rating_sum = known.rating_sum + excluded.rating_sum,
    count_1 = known.count_1 + excluded.count_1, count_2 = known.count_2 + excluded.count_2,
    count_3 = known.count_3 + excluded.count_3, count_4 = known.count_4 + excluded.count_4,
    count_5 = known.count_5 + excluded.count_5
)
select (select count(*) from moved), (select count(*) from fresh),
       (select pg_notify('reviews_stored', $14::text || (select count(*) from fresh) || '}')
        from moved where $14::text <> '' and pg_notification_queue_usage() < $15::float8))";

constexpr const char* report_sql = R"(
select pg_notify('reviews_consumers', $1) where pg_notification_queue_usage() < $2::float8)";

constexpr const char* count_stored_sql = R"(
select count(*) from rows from (unnest($1::uuid[]), unnest($2::bigint[])) as sent (id, place)
join reviews on review_id = id and topic_offset = place and topic_partition = $3::integer)";

constexpr const char* read_offsets_sql = R"(
select topic_partition, next_offset from consumer_offsets
where group_id = $1 and topic = $2 and topic_partition = any ($3::integer[]))";

} // namespace

void prepare_store_statements(pq::connection& database) {
  database.prepare(store_batch_name, store_batch_sql);
}

std::optional<batch_outcome> store_batch(pq::connection& database, const stored_log& log,
                                         const review_batch& batch, const batch_columns& columns) {
  const auto column = [&](batch_column which) { return pq::as_binary(columns[which]); };
  pqxx::nontransaction tx(database);
  const auto counts = pq::exec_prepared(
      tx, store_batch_name, log.group_id, log.topic, batch.partition, batch.from_offset.value_or(no_offset),
      batch.next_offset, column(batch_column::review_id), column(batch_column::vendor_id),
      column(batch_column::author), column(batch_column::rating), column(batch_column::title),
      column(batch_column::text), column(batch_column::created_at), column(batch_column::topic_offset),
      batch.notice, log.queue_usage_max);
  if (counts[0][0].as<std::int64_t>() == 0)
    return std::nullopt;
  return batch_outcome{static_cast<std::size_t>(counts[0][1].as<std::int64_t>()),
                       !batch.notice.empty() && counts[0][2].is_null()};
}

std::size_t count_stored(pq::connection& database, const review_batch& batch, const batch_columns& columns) {
  pqxx::nontransaction tx(database);
  const auto count = pq::exec_params(tx, count_stored_sql, pq::as_binary(columns[batch_column::review_id]),
                                     pq::as_binary(columns[batch_column::topic_offset]), batch.partition);
  return static_cast<std::size_t>(count[0][0].as<std::int64_t>());
}

std::vector<std::optional<std::int64_t>> read_offsets(pq::connection& database, const stored_log& log,
                                                      const std::vector<std::int32_t>& partitions) {
  pqxx::nontransaction tx(database);
  const auto wanted = array_literal(
      partitions, [](std::string& text, std::int32_t each) { text.append(std::to_string(each)); });
  const auto rows = pq::exec_params(tx, read_offsets_sql, log.group_id, log.topic, wanted);
  std::vector<std::optional<std::int64_t>> offsets(partitions.size());
  for (const auto& row : rows) {
    const auto partition = row[0].as<std::int32_t>();
    for (std::size_t i = 0; i < partitions.size(); ++i)
      if (partitions[i] == partition)
        offsets[i] = row[1].as<std::int64_t>();
  }
  return offsets;
}

void send_reports(pq::connection& database, const stored_log& log, const std::vector<std::string>& payloads) {
  pqxx::work tx(database);
  for (const auto& each : payloads)
    pq::exec_params(tx, report_sql, each, log.queue_usage_max);
  tx.commit();
}

std::vector<int> read_versions(pq::connection& database) {
  pqxx::nontransaction tx(database);
  std::vector<int> versions;
  for (const auto& row : tx.exec("select version from schema_migrations"))
    versions.push_back(row[0].as<int>());
  return versions;
}

} // namespace reviews
