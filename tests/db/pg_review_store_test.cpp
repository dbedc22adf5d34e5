#define CAF_SUITE pg_review_store

#include "db/pg_review_store.hpp"

#include "tests/db/review_rows.hpp"
#include "tests/fixtures/postgres.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::test;

namespace {

struct fixture {
  test_database database;
  review_store_ptr uut = make_review_store_factory(database.params(), "group", "topic")();

  std::string offset(int partition = 0) {
    const auto rows = database.sql("select next_offset from consumer_offsets where group_id = 'group' and "
                                   "topic = 'topic' and topic_partition = " +
                                   std::to_string(partition));
    return rows.empty() ? "none" : rows[0][0];
  }

  std::string count(const std::string& table) { return database.value("select count(*) from " + table); }

  void check_fails(const review_batch& batch, ec code) {
    auto stored = uut->store(batch);
    CAF_REQUIRE(!stored);
    CAF_MESSAGE(stored.error().detail);
    CAF_CHECK(stored.error().code == code);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(pg_review_store_tests, fixture)

CAF_TEST(a batch stores rows and ratings and moves the offset) {
  auto stored =
      uut->store(batch_of(std::nullopt, {row_of(1, 0, "a", 5), row_of(2, 0, "b", 1), row_of(3, 0, "a", 2)}));

  CAF_REQUIRE(stored);
  CAF_CHECK_EQUAL(stored->inserted, 3u);
  CAF_CHECK_EQUAL(stored->duplicates, 0u);
  CAF_CHECK_EQUAL(offset(), "3");
  const sql_rows ratings{{"a", "2", "7", "0", "1", "0", "0", "1"}, {"b", "1", "1", "1", "0", "0", "0", "0"}};
  CAF_CHECK(database.sql("select * from vendor_ratings order by vendor_id") == ratings);
  const sql_rows review{{"00000000-0000-7000-8000-000000000003", "a", "Ada", "2", "A title", "A text",
                         "2026-11-22 17:28:24.000123", "t", "0", "2"}};
  CAF_CHECK(database.sql("select review_id, vendor_id, author, rating, title, text, "
                         "created_at at time zone 'utc', now() - stored_at between '0' and '1 minute', "
                         "topic_partition, topic_offset from reviews where rating = 2") == review);
}

CAF_TEST(batches of a partition follow each other) {
  CAF_REQUIRE(uut->store(batch_of(std::nullopt, {row_of(1, 0)})));
  CAF_REQUIRE(uut->store(batch_of(1, {row_of(2, 0), row_of(3, 0)})));
  CAF_REQUIRE(uut->store(batch_of(std::nullopt, {row_of(4, 0)}, 7)));

  auto offsets = uut->stored_offsets({7, 3, 0});

  CAF_REQUIRE(offsets);
  const std::vector<std::optional<std::int64_t>> expected{1, std::nullopt, 3};
  CAF_CHECK(*offsets == expected);
  CAF_CHECK_EQUAL(count("reviews"), "4");
}

CAF_TEST(groups and topics have offsets of their own) {
  auto other = make_review_store_factory(database.params(), "group", "other topic")();
  CAF_REQUIRE(uut->store(batch_of(std::nullopt, {row_of(1, 0)})));

  CAF_CHECK(other->store(batch_of(std::nullopt, {row_of(2, 0), row_of(3, 0)})));

  CAF_CHECK_EQUAL(offset(), "1");
  CAF_CHECK(other->stored_offsets({0}).value().front() == 2);
}

CAF_TEST(the first of a review in a batch wins by offset) {
  auto batch = batch_of(std::nullopt, {row_of(1, 0, "a", 4), row_of(1, 0, "b", 1), row_of(1, 0, "a", 2)});
  review_rows backwards; // order in the batch does not matter
  for (auto i = batch.rows.size(); i > 0; --i)
    backwards.add(batch.rows[i - 1]);
  batch.rows = std::move(backwards);

  auto stored = uut->store(batch);

  CAF_REQUIRE(stored);
  CAF_CHECK_EQUAL(stored->inserted, 1u);
  CAF_CHECK_EQUAL(stored->duplicates, 2u);
  CAF_CHECK(database.sql("select vendor_id, rating, topic_offset from reviews") ==
            (sql_rows{{"a", "4", "0"}}));
  CAF_CHECK(database.sql("select vendor_id, rating_count, rating_sum from vendor_ratings") ==
            (sql_rows{{"a", "1", "4"}}));
}

CAF_TEST(the first of a review across batches wins) {
  CAF_REQUIRE(uut->store(batch_of(std::nullopt, {row_of(1, 0, "a", 4)})));

  auto stored = uut->store(batch_of(1, {row_of(1, 0, "a", 1), row_of(2, 0, "a", 3)}));

  CAF_REQUIRE(stored);
  CAF_CHECK_EQUAL(stored->inserted, 1u);
  CAF_CHECK_EQUAL(stored->duplicates, 1u);
  CAF_CHECK(database.sql("select rating_count, rating_sum, count_1, count_3, count_4 from vendor_ratings") ==
            (sql_rows{{"2", "7", "0", "1", "1"}}));
  CAF_CHECK_EQUAL(offset(), "3");
}

CAF_TEST(an empty batch moves the offset alone) {
  auto batch = batch_of(std::nullopt, {});
  batch.next_offset = 10;

  CAF_REQUIRE(uut->store(batch));
  batch.from_offset = 10;
  batch.next_offset = 12;
  auto stored = uut->store(batch);

  CAF_REQUIRE(stored);
  CAF_CHECK_EQUAL(stored->inserted + stored->duplicates, 0u);
  CAF_CHECK_EQUAL(offset(), "12");
  CAF_CHECK_EQUAL(count("reviews"), "0");
}

CAF_TEST(another offset than the expected one fences the batch) {
  CAF_REQUIRE(uut->store(batch_of(std::nullopt, {row_of(1, 0), row_of(2, 0)})));

  check_fails(batch_of(std::nullopt, {row_of(3, 0)}), ec::fenced);
  check_fails(batch_of(1, {row_of(3, 0)}), ec::fenced);
  check_fails(batch_of(3, {row_of(3, 0)}), ec::fenced);
  check_fails(batch_of(0, {row_of(1, 0), row_of(2, 0)}), ec::fenced); // stored, but not by a lost attempt
  check_fails(batch_of(5, {row_of(3, 0)}, 1), ec::fenced);            // nothing stored of partition 1

  CAF_CHECK_EQUAL(offset(), "2");
  CAF_CHECK_EQUAL(offset(1), "none");
  CAF_CHECK_EQUAL(count("reviews"), "2");
  CAF_CHECK_EQUAL(database.value("select sum(rating_count) from vendor_ratings"), "2");
}

CAF_TEST(an offset never moves back) {
  auto batch = batch_of(5, {});
  batch.next_offset = 4;

  check_fails(batch, ec::broken);
}

CAF_TEST(text comes back as it was) {
  auto row = row_of(1, 0);
  row.what.author = "Zoë \\N \\. \"{,}\" 'quoted'";
  row.what.title = "";
  row.what.text = "tab\there\nline\r\nback\\slash \x01\x7f \xf0\x9f\x98\x80 \xe2\x80\xae \xcc\x81";
  auto without = row_of(2, 0);
  without.what.title.reset();
  without.what.text.reset();

  CAF_REQUIRE(uut->store(batch_of(std::nullopt, {row, without})));

  const auto rows = database.sql("select author, title, title is null, text, text is null from reviews "
                                 "order by topic_offset");
  CAF_CHECK(rows.at(0) == (std::vector<std::string>{row.what.author, "", "f", *row.what.text, "f"}));
  CAF_CHECK(rows.at(1) == (std::vector<std::string>{"Ada", "", "t", "", "t"}));
}

CAF_TEST(the earliest and the latest moment fit) {
  auto early = row_of(1, 0), late = row_of(2, 0);
  early.what.created_at = parse_rfc3339("0001-01-01T00:00:00Z").value();
  late.what.created_at = parse_rfc3339("9999-12-31T23:59:59.999999Z").value();

  CAF_REQUIRE(uut->store(batch_of(std::nullopt, {early, late})));

  CAF_CHECK(database.sql("select created_at at time zone 'utc' from reviews order by 1") ==
            (sql_rows{{"0001-01-01 00:00:00"}, {"9999-12-31 23:59:59.999999"}}));
}

CAF_TEST(a row that can never be stored poisons its batch and nothing of it is stored) {
  auto nul = row_of(9, 0), not_utf8 = row_of(9, 0);
  nul.what.text = std::string("a\0b", 3);
  not_utf8.what.author = "\xff";
  const auto wrong_rating = [](int rating) { return row_of(9, 0, "a", rating); };
  const test_row table[] = {nul, not_utf8, wrong_rating(9), wrong_rating(0), wrong_rating(65'537)};

  for (const auto& unfit : table)
    check_fails(batch_of(std::nullopt, {row_of(1, 0), unfit, row_of(2, 0)}), ec::poisoned);

  CAF_CHECK_EQUAL(offset(), "none");
  CAF_CHECK_EQUAL(count("reviews"), "0");
  CAF_CHECK_EQUAL(count("vendor_ratings"), "0");
  CAF_CHECK(uut->store(batch_of(std::nullopt, {row_of(1, 0)})));
}

CAF_TEST(a failure keeps the values of the row to itself) {
  auto stored = uut->store(batch_of(std::nullopt, {row_of(1, 0, "secret-vendor", 9)}));

  CAF_REQUIRE(!stored);
  CAF_CHECK_EQUAL(stored.error().detail, "postgres: expected success, got 23514 (new row for relation "
                                         "\"reviews\" violates check constraint \"reviews_rating_check\")");
}

CAF_TEST(a poisoned batch costs no connection) {
  CAF_REQUIRE(uut->store(batch_of(std::nullopt, {row_of(1, 0)})));
  const auto sessions = "select string_agg(pid::text, ',') from pg_stat_activity where query like '%with "
                        "started as%' and datname = current_database() and application_name = 'reviews'";
  const auto before = database.value(sessions);

  check_fails(batch_of(1, {row_of(2, 0, "a", 9)}), ec::poisoned);
  CAF_REQUIRE(uut->store(batch_of(1, {row_of(2, 0)})));

  CAF_CHECK(!before.empty());
  CAF_CHECK_EQUAL(database.value(sessions), before);
}

CAF_TEST(ratings are the aggregate of reviews after random batches) {
  const auto seed = std::random_device{}();
  CAF_MESSAGE("seed " << seed);
  std::mt19937_64 random(seed);
  std::optional<std::int64_t> from;
  std::size_t inserted = 0, sent = 0;

  for (int i = 0; i < 40; ++i) {
    auto batch = batch_of(from, random_rows(random, random() % 200, 3'000, 20));
    auto stored = uut->store(batch);
    CAF_REQUIRE(stored);
    CAF_CHECK_EQUAL(stored->inserted + stored->duplicates, batch.rows.size());
    inserted += stored->inserted;
    sent += batch.rows.size();
    from = batch.next_offset;
  }

  CAF_CHECK_LESS(inserted, sent); // there were duplicates
  CAF_CHECK_EQUAL(count("reviews"), std::to_string(inserted));
  CAF_CHECK_EQUAL(
      database.value("select count(*) from vendor_ratings full join (select vendor_id, count(*) as n, "
                     "sum(rating) as s, count(*) filter (where rating = 1) as c1, count(*) filter (where "
                     "rating = 3) as c3 from reviews group by vendor_id) r using (vendor_id) where "
                     "(rating_count, rating_sum, count_1, count_3) is distinct from (n, s, c1, c3)"),
      "0");
}

CAF_TEST(a schema of ours passes and others are refused) {
  CAF_CHECK(uut->check_schema());

  database.sql("insert into schema_migrations (version) values (9999)");
  CAF_CHECK(uut->check_schema().error().code == ec::refused);
  database.sql("delete from schema_migrations");
  CAF_CHECK(uut->check_schema().error().code == ec::refused);
  database.sql("drop table schema_migrations");
  CAF_CHECK(uut->check_schema().error().code == ec::refused);
}

CAF_TEST_FIXTURE_SCOPE_END()
