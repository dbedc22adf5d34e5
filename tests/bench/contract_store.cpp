#include "tests/bench/contract_store.hpp"

#include <boost/endian/conversion.hpp>

#include <cstdlib>
#include <stdexcept>
#include <string_view>

namespace reviews::bench {

namespace {

constexpr std::string_view signature("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
constexpr std::uint64_t postgres_epoch_us = 946'684'800'000'000; ///< 2000-01-01 UTC.
constexpr std::uint16_t columns_count = 9;

constexpr const char* prepare_sql = R"(
create temporary table incoming (
  review_id uuid, vendor_id text, author text, rating smallint, title text, text text,
  created_at timestamptz, topic_partition integer, topic_offset bigint
) on commit delete rows;
prepare store as with fresh as (
  insert into reviews (review_id, vendor_id, author, rating, title, text, created_at,
                       topic_partition, topic_offset)
  select * from incoming on conflict (review_id) do nothing returning vendor_id, rating
)
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
  count_5 = known.count_5 + excluded.count_5)";

struct result_clearer {
  void operator()(PGresult* what) const noexcept { PQclear(what); }
};
using result_ptr = std::unique_ptr<PGresult, result_clearer>;

[[noreturn]] void fail(PGconn* database) {
  throw std::runtime_error(std::string("postgres: expected success, got ") + PQerrorMessage(database));
}

template <class UnsignedInt>
void append_number(std::string& out, UnsignedInt value) {
  const auto wire = boost::endian::native_to_big(value);
  out.append(reinterpret_cast<const char*>(&wire), sizeof wire);
}

template <class UnsignedInt>
void append_field(std::string& out, UnsignedInt value) {
  append_number<std::uint32_t>(out, sizeof value);
  append_number(out, value);
}

void append_field(std::string& out, std::string_view text) {
  append_number(out, static_cast<std::uint32_t>(text.size()));
  out.append(text);
}

void append_field(std::string& out, const std::optional<std::string>& text) {
  if (text)
    append_field(out, std::string_view(*text));
  else
    append_number(out, ~std::uint32_t{0}); // null
}

void append_row(std::string& out, const plain_row& row, std::int32_t partition) {
  const auto& what = row.what;
  append_number(out, columns_count);
  append_field(out, std::string_view(reinterpret_cast<const char*>(what.id.data), what.id.size()));
  append_field(out, std::string_view(what.vendor_id));
  append_field(out, std::string_view(what.author));
  append_field(out, static_cast<std::uint16_t>(what.rating));
  append_field(out, what.title);
  append_field(out, what.text);
  append_field(out,
               static_cast<std::uint64_t>(what.created_at.time_since_epoch().count()) - postgres_epoch_us);
  append_field(out, static_cast<std::uint32_t>(partition));
  append_field(out, static_cast<std::uint64_t>(row.offset));
}

std::string quoted(PGconn* database, const std::string& text) {
  std::unique_ptr<char, decltype(&PQfreemem)> escaped(PQescapeLiteral(database, text.data(), text.size()),
                                                      &PQfreemem);
  return escaped.get();
}

} // namespace

connection_ptr connect(const std::string& url) {
  connection_ptr database(PQconnectdb(url.c_str()));
  if (PQstatus(database.get()) != CONNECTION_OK)
    fail(database.get());
  return database;
}

int run_sql(PGconn* database, const std::string& statements) {
  int updated = -1;
  if (PQsendQuery(database, statements.c_str()) != 1)
    fail(database);
  bool is_failed = false;
  while (result_ptr answer{PQgetResult(database)}) {
    is_failed = is_failed || PQresultStatus(answer.get()) == PGRES_FATAL_ERROR;
    if (std::string_view(PQcmdStatus(answer.get())).starts_with("UPDATE"))
      updated = std::atoi(PQcmdTuples(answer.get()));
  }
  if (is_failed)
    fail(database);
  return updated;
}

void row_copier::copy(PGconn* database, const std::string& copy_statement, const plain_batch& batch) {
  bytes_.assign(signature);
  for (const auto& row : batch.rows)
    append_row(bytes_, row, batch.partition);
  append_number(bytes_, static_cast<std::uint16_t>(0xffff)); // the end
  const result_ptr ready(PQexec(database, copy_statement.c_str()));
  if (PQresultStatus(ready.get()) != PGRES_COPY_IN ||
      PQputCopyData(database, bytes_.data(), static_cast<int>(bytes_.size())) != 1 ||
      PQputCopyEnd(database, nullptr) != 1)
    fail(database);
  bool is_failed = false;
  while (result_ptr answer{PQgetResult(database)})
    is_failed = is_failed || PQresultStatus(answer.get()) != PGRES_COMMAND_OK;
  if (is_failed)
    fail(database);
}

contract_store::contract_store(const std::string& url, std::string group_id, std::string topic)
    : database_(connect(url)), where_("group_id = " + quoted(database_.get(), group_id) +
                                      " and topic = " + quoted(database_.get(), topic)) {
  run_sql(database_.get(), prepare_sql);
  run_sql(database_.get(),
          "insert into consumer_offsets (group_id, topic, topic_partition, next_offset) select " +
              quoted(database_.get(), group_id) + ", " + quoted(database_.get(), topic) +
              ", n, 0 from generate_series(0, 63) as n on conflict do nothing");
}

void contract_store::store(const plain_batch& batch) {
  copier_.copy(database_.get(), "begin; copy incoming from stdin binary", batch);
  const auto moved = run_sql(database_.get(),
                             "execute store; update consumer_offsets set updated_at = now(), next_offset = " +
                                 std::to_string(batch.next_offset) + " where " + where_ +
                                 " and topic_partition = " + std::to_string(batch.partition) +
                                 " and next_offset = " + std::to_string(batch.from_offset.value_or(0)));
  if (moved != 1)
    throw std::runtime_error("consumer_offsets: expected the batch's beginning, got another offset");
  run_sql(database_.get(), "commit");
}

} // namespace reviews::bench
