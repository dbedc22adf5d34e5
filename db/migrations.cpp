#include "db/migrations.hpp"

#include "actors/model/log.hpp"
#include "db/session.hpp"
#include "embedded/db_schema.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string>

namespace reviews {

namespace {

constexpr auto& schema_files = embedded::db_schema::files;
constexpr int hundred = 100;

/// Names this program's lock among all advisory locks of the database.
constexpr const char* take_lock = "select pg_advisory_xact_lock(6011823190437112009)";

constexpr std::chrono::minutes statement_limit{20}; // the advisory lock is waited for half of it

/// A lock that is waited for lets nobody else through: rather try again.
constexpr const char* wait_briefly = "set local lock_timeout = '1s'";

std::vector<migration> read_migrations() {
  std::vector<migration> all;
  for (const auto& file : schema_files) {
    migration step{0, file.name, file.text};
    std::from_chars(file.name.data(), file.name.data() + file.name.size(), step.version);
    all.push_back(step);
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.version < b.version; });
  return all;
}

bool is_applied(pqxx::transaction_base& tx, int version) {
  if (tx.exec("select to_regclass('schema_migrations') is not null")[0][0].as<bool>() == false)
    return false;
  return !pq::exec_params(tx, "select from schema_migrations where version = $1", version).empty();
}

sql_result<bool> apply(pq::connection& connection, const migration& step) {
  pqxx::work tx(connection);
  tx.exec(take_lock);
  if (is_applied(tx, step.version))
    return false;
  tx.exec(wait_briefly);
  tx.exec(std::string(step.sql));
  pq::exec_params(tx, "insert into schema_migrations (version) values ($1)", step.version);
  tx.commit();
  return true;
}

sql_result<int> newest_version(pq::connection& connection) {
  pqxx::nontransaction tx(connection);
  return tx.exec("select max(version) from schema_migrations")[0][0].as<int>();
}

failure not_ours(std::string_view expected, int got) {
  std::string detail("schema: expected ");
  detail.append(expected).append(", got version ").append(std::to_string(got));
  return failure{ec::refused, std::move(detail)};
}

} // namespace

std::span<const migration> migrations() {
  static const auto all = read_migrations();
  return all;
}

int schema_version_needed() {
  return migrations().back().version;
}

outcome<void> check_versions(const std::vector<int>& applied) {
  const int newest = applied.empty() ? 0 : *std::max_element(applied.begin(), applied.end());
  for (const auto& step : migrations())
    if (std::find(applied.begin(), applied.end(), step.version) == applied.end())
      return not_ours("migration " + std::to_string(step.version) + " to be applied", newest);
  const int too_new = (schema_version_needed() / hundred + 2) * hundred;
  if (newest >= too_new)
    return not_ours("a version below " + std::to_string(too_new), newest);
  return {};
}

outcome<int> migrate(const database_params& where) {
  auto patient = where;
  patient.statement_timeout = statement_limit;
  auto opened = session::open(patient);
  if (!opened)
    return opened.error();
  auto& database = **opened;
  for (const auto& step : migrations()) {
    auto applied = database.call<bool>([&](pq::connection& c) { return apply(c, step); });
    if (!applied && applied.error().what.code == ec::poisoned)
      return failure{ec::broken, applied.error().what.detail};
    if (!applied)
      return applied.error().what;
    if (*applied)
      log::info("schema_migrated", {{"version", step.version}, {"name", step.name}});
  }
  return to_outcome(database.call<int>(newest_version));
}

} // namespace reviews
