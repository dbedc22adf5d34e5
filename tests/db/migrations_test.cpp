#define CAF_SUITE migrations

#include "db/migrations.hpp"

#include "tests/fixtures/postgres.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <stdexcept>

using namespace reviews;
using test::test_database;

CAF_TEST(versions are numbered without gap within a hundred and have a text) {
  int before = 0;

  for (const auto& uut : migrations()) {
    CAF_MESSAGE(std::string(uut.name));
    CAF_CHECK(uut.version == before + 1 || uut.version == (before / 100 + 1) * 100);
    CAF_CHECK(!uut.sql.empty());
    before = uut.version;
  }
  CAF_CHECK_EQUAL(schema_version_needed(), before);
}

CAF_TEST(an empty database gets every table and index) {
  test_database database(false);

  auto version = migrate(database.params());

  CAF_REQUIRE(version);
  CAF_CHECK_EQUAL(*version, schema_version_needed());
  const auto tables = database.sql("select table_name from information_schema.tables "
                                   "where table_schema = 'public' order by 1");
  const test::sql_rows expected{{"consumer_offsets"}, {"reviews"}, {"schema_migrations"}, {"vendor_ratings"}};
  CAF_CHECK(tables == expected);
  CAF_CHECK_EQUAL(database.value("select count(*) from pg_indexes where tablename = 'reviews' and indexdef "
                                 "like '%(vendor_id, created_at DESC, review_id DESC)'"),
                  "1");
}

CAF_TEST(migrating again changes nothing) {
  test_database database;
  const auto before = database.sql("select version, applied_at from schema_migrations");

  auto version = migrate(database.params());

  CAF_REQUIRE(version);
  CAF_CHECK_EQUAL(*version, schema_version_needed());
  CAF_CHECK(database.sql("select version, applied_at from schema_migrations") == before);
}

CAF_TEST(several may migrate at once) {
  test_database database(false);
  std::vector<std::future<outcome<int>>> all;

  for (int i = 0; i < 4; ++i)
    all.push_back(std::async(std::launch::async, [&] { return migrate(database.params()); }));

  for (auto& each : all) {
    auto version = each.get();
    CAF_REQUIRE(version);
    CAF_CHECK_EQUAL(*version, schema_version_needed());
  }
  CAF_CHECK_EQUAL(database.value("select count(*) from schema_migrations"),
                  std::to_string(migrations().size()));
}

CAF_TEST(a migration that fails leaves nothing behind and can be repeated) {
  test_database database(false);
  database.sql("create table consumer_offsets (in_the_way int)");

  auto failed = migrate(database.params());

  CAF_REQUIRE(!failed);
  CAF_CHECK(failed.error().code == ec::refused);
  CAF_CHECK_EQUAL(database.value("select to_regclass('reviews') is null"), "t");
  database.sql("drop table consumer_offsets");
  CAF_CHECK(migrate(database.params()));
}

CAF_TEST(a migration does not stand in the way while it waits for a table) {
  test_database database(false);
  auto is_ended = std::async(std::launch::async, [&] {
    try {
      database.sql("begin; create table consumer_offsets (in_the_way int); select pg_sleep(60)");
    } catch (const std::runtime_error&) {
      return true;
    }
    return false;
  });
  CAF_REQUIRE(test::eventually([&] {
    return database.value("select count(*) from pg_stat_activity where datname = current_database() and "
                          "wait_event = 'PgSleep'") == "1";
  }));

  const auto began = std::chrono::steady_clock::now();
  auto waited = migrate(database.params());
  const auto took = std::chrono::steady_clock::now() - began;

  CAF_REQUIRE(!waited);
  CAF_MESSAGE(waited.error().detail);
  CAF_CHECK(waited.error().code == ec::unavailable);
  CAF_CHECK(took < std::chrono::seconds(20));
  CAF_CHECK(database.terminate_sessions() >= 1);
  CAF_CHECK(is_ended.get());
  CAF_CHECK(migrate(database.params()));
}

CAF_TEST(a role without rights is refused) {
  test_database database(test::postgres_server::own(), false);
  auto how = database.params();
  how.url += " user='locked' password='right'";

  auto failed = migrate(how);

  CAF_REQUIRE(!failed);
  CAF_CHECK(failed.error().code == ec::refused);
}

CAF_TEST(a schema serves when it has all of ours and is at most of the next hundred) {
  std::vector<int> ours;
  for (const auto& each : migrations())
    ours.push_back(each.version);
  const int first_too_new = (schema_version_needed() / 100 + 2) * 100;
  auto newer = ours, next_hundred = ours, too_new = ours, older = ours;
  newer.push_back(schema_version_needed() + 1);
  next_hundred.push_back(first_too_new - 1);
  too_new.push_back(first_too_new);
  older.pop_back();

  CAF_CHECK(check_versions(ours));
  CAF_CHECK(check_versions(newer));
  CAF_CHECK(check_versions(next_hundred));
  for (const auto& unfit : {too_new, older, std::vector<int>{}}) {
    auto checked = check_versions(unfit);
    CAF_REQUIRE(!checked);
    CAF_CHECK(checked.error().code == ec::refused);
  }
}
