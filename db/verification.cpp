#include "db/verification.hpp"

#include "db/session.hpp"

#include <utility>

namespace reviews {

namespace {

constexpr const char* mismatched_sql = R"(
with aggregated as (
  select vendor_id, count(*) as rating_count, sum(rating)::bigint as rating_sum,
         count(*) filter (where rating = 1) as count_1, count(*) filter (where rating = 2) as count_2,
         count(*) filter (where rating = 3) as count_3, count(*) filter (where rating = 4) as count_4,
         count(*) filter (where rating = 5) as count_5
  from reviews group by vendor_id
)
select vendor_id,
       coalesce(s.rating_count, 0), coalesce(s.rating_sum, 0), coalesce(s.count_1, 0),
       coalesce(s.count_2, 0), coalesce(s.count_3, 0), coalesce(s.count_4, 0), coalesce(s.count_5, 0),
       coalesce(a.rating_count, 0), coalesce(a.rating_sum, 0), coalesce(a.count_1, 0),
       coalesce(a.count_2, 0), coalesce(a.count_3, 0), coalesce(a.count_4, 0), coalesce(a.count_5, 0)
from vendor_ratings s full join aggregated a using (vendor_id)
where (s.rating_count, s.rating_sum, s.count_1, s.count_2, s.count_3, s.count_4, s.count_5)
      is distinct from
      (a.rating_count, a.rating_sum, a.count_1, a.count_2, a.count_3, a.count_4, a.count_5)
order by vendor_id collate "C" limit $1)";

constexpr const char* offsets_sql = R"(
select group_id, topic, topic_partition, next_offset,
       (extract(epoch from updated_at) * 1000000)::bigint
from consumer_offsets order by group_id, topic, topic_partition)";

constexpr std::string_view order_clause(review_order order) {
  switch (order) {
  case review_order::any: return "";
  case review_order::id: return " order by review_id";
  case review_order::log: return " order by topic_partition, topic_offset";
  }
  return "";
}

template <class Field>
std::string_view view_of(const Field& field) {
  return {field.c_str(), field.size()};
}

template <class Row>
rating_counts counts_at(const Row& row, int column) {
  rating_counts counts{row[column].template as<std::int64_t>(), row[column + 1].template as<std::int64_t>()};
  for (auto& each : counts.of_rating)
    each = row[2 + column++].template as<std::int64_t>();
  return counts;
}

template <class Row>
stored_row review_of(const Row& row) {
  return {parse_review_id(view_of(row[0])).value(), row[1].template as<std::int32_t>(),
          row[2].template as<std::int64_t>(), view_of(row[3]), row[4].template as<int>()};
}

class pg_verification final : public verification {
public:
  explicit pg_verification(std::unique_ptr<session> database) : session_(std::move(database)) {}

  outcome<void> begin() {
    if (auto begun = exec("begin isolation level repeatable read, read only"); !begun)
      return begun.error();
    return {};
  }

  outcome<std::uint64_t> visit_reviews(review_order order,
                                       const std::function<void(const stored_row&)>& visit) override {
    std::string declare("declare stored no scroll cursor for select review_id, topic_partition, "
                        "topic_offset, vendor_id, rating from reviews");
    declare.append(order_clause(order));
    if (auto declared = exec(declare); !declared)
      return declared.error();
    std::uint64_t visited = 0;
    for (;;) {
      const auto rows = exec("fetch 10000 from stored");
      if (!rows)
        return rows.error();
      if (rows->empty())
        break;
      for (const auto& row : *rows)
        visit(review_of(row));
      visited += static_cast<std::uint64_t>(rows->size());
    }
    if (auto closed = exec("close stored"); !closed)
      return closed.error();
    return visited;
  }

  outcome<std::vector<rating_mismatch>> mismatched_ratings(std::size_t limit) override {
    return call<std::vector<rating_mismatch>>([&](pqxx::transaction_base& tx) {
      std::vector<rating_mismatch> found;
      for (const auto& row : pq::exec_params(tx, mismatched_sql, static_cast<std::int64_t>(limit)))
        found.push_back({std::string(view_of(row[0])), counts_at(row, 1), counts_at(row, 8)});
      return found;
    });
  }

  outcome<std::vector<consumer_offset>> offsets() override {
    return call<std::vector<consumer_offset>>([](pqxx::transaction_base& tx) {
      std::vector<consumer_offset> found;
      for (const auto& row : tx.exec(offsets_sql))
        found.push_back({std::string(view_of(row[0])), std::string(view_of(row[1])),
                         row[2].as<std::int32_t>(), row[3].as<std::int64_t>(),
                         timestamp(std::chrono::microseconds(row[4].as<std::int64_t>()))});
      return found;
    });
  }

private:
  template <class T, class Work>
  outcome<T> call(Work&& work) {
    if (!session_)
      return failure{ec::broken, "verification: expected an open snapshot, got one that failed before"};
    auto result = session_->call<T>([&](pq::connection& database) -> sql_result<T> {
      pqxx::nontransaction tx(database);
      return work(tx);
    });
    if (!result)
      session_.reset();
    return to_outcome(std::move(result));
  }

  outcome<pqxx::result> exec(const std::string& sql) {
    return call<pqxx::result>([&](pqxx::transaction_base& tx) { return tx.exec(sql); });
  }

  std::unique_ptr<session> session_;
};

} // namespace

outcome<std::unique_ptr<verification>> verification::open(const database_params& where) {
  auto opened = session::open(where);
  if (!opened)
    return opened.error();
  auto made = std::make_unique<pg_verification>(std::move(*opened));
  if (auto begun = made->begin(); !begun)
    return begun.error();
  return std::unique_ptr<verification>(std::move(made));
}

} // namespace reviews
