#define CAF_SUITE migrations

#include "db/migrations.hpp"

#include "tests/fixtures/postgres.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <future>

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

CAF_TEST(a role without rights is refused) {
  test_database database(test::postgres_server::own(), false);
  auto how = database.params();
  how.url += " user='locked' password='right'";

  auto failed = migrate(how);

  CAF_REQUIRE(!failed);
  CAF_CHECK(failed.error().code == ec::refused);
}

CAF_TEST(a schema serves when it has all of ours and is not of a later hundred) {
  std::vector<int> ours;
  for (const auto& each : migrations())
    ours.push_back(each.version);
  auto newer = ours, next_generation = ours, older = ours;
  newer.push_back(schema_version_needed() + 1);
  next_generation.push_back((schema_version_needed() / 100 + 1) * 100);
  older.pop_back();

  CAF_CHECK(check_versions(ours));
  CAF_CHECK(check_versions(newer));
  for (const auto& unfit : {next_generation, older, std::vector<int>{}}) {
    auto checked = check_versions(unfit);
    CAF_REQUIRE(!checked);
    CAF_CHECK(checked.error().code == ec::refused);
  }
}
