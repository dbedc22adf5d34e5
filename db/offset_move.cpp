#include "db/offset_move.hpp"

#include "db/session.hpp"

namespace reviews {

namespace {

constexpr const char* start_sql = R"(
insert into consumer_offsets (group_id, topic, topic_partition, next_offset)
values ($1, $2, $3, $4) on conflict do nothing)";

constexpr const char* move_sql = R"(
update consumer_offsets set next_offset = $4, updated_at = now()
where group_id = $1 and topic = $2 and topic_partition = $3 and next_offset = $5)";

bool move_one(pqxx::transaction_base& tx, const std::string& group_id, const std::string& topic,
              const offset_move& move) {
  const auto moved = move.from
                         ? pq::exec_params(tx, move_sql, group_id, topic, move.partition, move.to, *move.from)
                         : pq::exec_params(tx, start_sql, group_id, topic, move.partition, move.to);
  return moved.affected_rows() == 1;
}

sql_result<void> move_all(pqxx::work& tx, const std::string& group_id, const std::string& topic,
                          const std::vector<offset_move>& moves) {
  for (const auto& each : moves)
    if (!move_one(tx, group_id, topic, each))
      return sql_error{{ec::fenced,
                        "consumer_offsets: expected next_offset " +
                            (each.from ? std::to_string(*each.from) : std::string("none")) +
                            " of partition " + std::to_string(each.partition) + ", got another by now",
                        {}},
                       false};
  tx.commit();
  return {};
}

} // namespace

outcome<void> move_offsets(const database_params& where, const std::string& group_id,
                           const std::string& topic, const std::vector<offset_move>& moves) {
  auto opened = session::open(where);
  if (!opened)
    return opened.error();
  return to_outcome((*opened)->call<void>([&](pq::connection& database) {
    pqxx::work tx(database);
    return move_all(tx, group_id, topic, moves);
  }));
}

} // namespace reviews
