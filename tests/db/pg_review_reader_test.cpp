#define CAF_SUITE pg_review_reader

#include "db/pg_review_reader.hpp"

#include "db/pg_review_store.hpp"
#include "db/read_statements.hpp"
#include "db/session.hpp"
#include "tests/db/review_rows.hpp"
#include "tests/fixtures/postgres.hpp"

#include "caf/test/unit_test.hpp"

#include <map>

using namespace reviews;
using namespace reviews::test;
using namespace std::chrono_literals;

namespace {

const timestamp noon = row_of(0, 0).what.created_at;

struct fixture {
  postgres_server& server = postgres_server::own();
  test_database database{server};
  review_store_ptr store = make_review_store_factory(database.params(), "group", "topic")();
  review_reader_ptr uut = make_review_reader_factory(database.params(), "group", "topic")();
  std::int64_t next_offset = 0;

  /// Stores reviews of vendor-1 with these numbers, each at its own time.
  void store_at(const std::vector<std::pair<std::uint64_t, timestamp>>& reviews) {
    std::vector<test_row> rows;
    for (const auto& [number, when] : reviews) {
      rows.push_back(row_of(number, 0));
      rows.back().what.created_at = when;
    }
    store_rows(std::move(rows));
  }

  void store_rows(std::vector<test_row> rows) {
    auto batch = batch_of(next_offset == 0 ? std::nullopt : std::optional(next_offset), std::move(rows));
    next_offset = batch.next_offset;
    CAF_REQUIRE(store->store(batch));
  }

  review_page page_after(const std::optional<review_place>& after, std::size_t limit) {
    auto page = uut->reviews_of("vendor-1", after, limit);
    CAF_REQUIRE(page);
    CAF_CHECK_LESS_OR_EQUAL(page->reviews.size(), limit);
    return std::move(*page);
  }

  /// The numbers of a page's reviews.
  static std::vector<int> numbers_of(const review_page& page) {
    std::vector<int> result;
    for (const auto& each : page.reviews)
      result.push_back(each.what.id.data[15] + 256 * each.what.id.data[14]);
    return result;
  }

  template <class T>
  void check_failed(const outcome<T>& result, ec code, const std::string& part) {
    CAF_REQUIRE(!result);
    CAF_MESSAGE(result.error().detail);
    CAF_CHECK(result.error().code == code);
    CAF_CHECK_NOT_EQUAL(result.error().detail.find(part), std::string::npos);
  }

  /// The plan of a prepared statement, as the session of a reader has it.
  std::string plan_of(const std::string& statement) {
    auto opened = session::open(database.params());
    CAF_REQUIRE(opened);
    auto text = (*opened)->call<std::string>([&](pq::connection& with) -> sql_result<std::string> {
      prepare_read_statements(with); // libpqxx 6 sends each with its first use
      read_review_of_id(with, id_of(1));
      read_reviews_of_ids(with, {id_of(1)});
      read_reviews_of_vendor(with, "vendor-1", read_reviews_of_vendor(with, "vendor-1", {}, 1).next, 1);
      pqxx::nontransaction tx(with);
      std::string plan;
      for (const auto& row : tx.exec("explain (costs off) execute " + statement))
        plan.append(row[0].c_str()).append("\n");
      return plan;
    });
    CAF_REQUIRE(text);
    CAF_MESSAGE(*text);
    return *text;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(pg_review_reader_tests, fixture)

CAF_TEST(a review is read as it was stored) {
  auto full = row_of(1, 0, "vendor-2", 3);
  full.what.author = "Zoë \U0001F600";
  full.what.title = "quote \" backslash \\";
  full.what.text = "";
  auto bare = row_of(2, 0);
  bare.what.title.reset();
  bare.what.text.reset();
  store_rows({full, bare});

  auto first = uut->review(full.what.id);
  auto second = uut->review(bare.what.id);
  auto missing = uut->review(id_of(3));

  CAF_REQUIRE(first && *first);
  CAF_CHECK((*first)->what.id == full.what.id);
  CAF_CHECK_EQUAL((*first)->what.vendor_id, "vendor-2");
  CAF_CHECK_EQUAL((*first)->what.author, full.what.author);
  CAF_CHECK_EQUAL((*first)->what.rating, 3);
  CAF_CHECK((*first)->what.title == full.what.title);
  CAF_CHECK((*first)->what.text == std::optional<std::string>(""));
  CAF_CHECK((*first)->what.created_at == full.what.created_at);
  CAF_CHECK((*first)->stored_at <= now_utc() && (*first)->stored_at > now_utc() - 1min);
  CAF_REQUIRE(second && *second);
  CAF_CHECK(!(*second)->what.title && !(*second)->what.text);
  CAF_CHECK_EQUAL((*second)->partition, 0);
  CAF_CHECK_EQUAL((*second)->offset, 1);
  CAF_REQUIRE(missing);
  CAF_CHECK(!*missing);
}

CAF_TEST(pages are newest first and of one moment the greater id first) {
  store_at({{1, noon}, {2, noon}, {3, noon + 1us}, {4, noon - 1us}, {5, noon}});
  store_rows({row_of(6, 0, "vendor-2")});

  auto first = page_after({}, 2);
  auto second = page_after(first.next, 2);
  auto third = page_after(second.next, 2);

  CAF_CHECK((numbers_of(first) == std::vector<int>{3, 5}));
  CAF_CHECK((first.next == review_place{noon, id_of(5)}));
  CAF_CHECK((numbers_of(second) == std::vector<int>{2, 1}));
  CAF_CHECK((numbers_of(third) == std::vector<int>{4}));
  CAF_CHECK(!third.next);
}

CAF_TEST(a page that ends with the last review has no next one) {
  store_at({{1, noon}, {2, noon}});

  CAF_CHECK(!page_after({}, 2).next);
  CAF_CHECK(page_after({}, 1).next.has_value());
  CAF_CHECK(!page_after(review_place{noon, id_of(2)}, 1).next);
}

CAF_TEST(a vendor without reviews has one empty page) {
  auto page = page_after({}, 20);

  CAF_CHECK(page.reviews.empty());
  CAF_CHECK(!page.next);
}

CAF_TEST(places at the ends of time are places like others) {
  store_at({{1, noon}});
  const auto begin = parse_rfc3339("0001-01-01T00:00:00Z").value();
  const auto end = parse_rfc3339("9999-12-31T23:59:59.999999Z").value();

  CAF_CHECK(page_after(review_place{begin, id_of(1)}, 5).reviews.empty());
  CAF_CHECK_EQUAL(page_after(review_place{end, id_of(1)}, 5).reviews.size(), 1u);
}

CAF_TEST(reviews that are stored between two pages move none of the others) {
  std::vector<std::pair<std::uint64_t, timestamp>> before;
  for (std::uint64_t i = 0; i < 60; ++i) // three of each moment
    before.emplace_back(1000 + i * 10, noon + std::chrono::microseconds(i / 3));
  store_at(before);
  std::map<int, int> seen;
  std::uint64_t newcomer = 1;

  std::optional<review_place> at;
  for (bool has_more = true; has_more;) {
    auto page = page_after(at, 7);
    for (auto number : numbers_of(page))
      ++seen[number];
    at = page.next;
    has_more = at.has_value();
    // At the newest moments, at the page's own place and before everything.
    const auto here = at ? at->created_at : noon;
    store_at(
        {{newcomer, noon + 1s}, {newcomer + 1, here}, {5000 + newcomer, here}, {newcomer + 2, noon - 1s}});
    newcomer += 3;
  }

  for (const auto& [number, when] : before)
    CAF_CHECK_EQUAL(seen[static_cast<int>(number)], 1);
  for (const auto& [number, times] : seen)
    CAF_CHECK_EQUAL(times, 1);
}

CAF_TEST(a rating is what the reviews add up to) {
  store_rows({row_of(1, 0, "vendor-1", 5), row_of(2, 0, "vendor-1", 2), row_of(3, 0, "vendor-1", 5),
              row_of(4, 0, "vendor-2", 1)});

  auto rating = uut->rating_of("vendor-1");
  auto nobody = uut->rating_of("vendor-3");

  CAF_REQUIRE(rating && nobody);
  CAF_CHECK((*rating == rating_counts{3, 12, {0, 1, 0, 0, 2}}));
  CAF_CHECK(*nobody == rating_counts{});
}

CAF_TEST(several reviews come in the order asked and without those that are missing) {
  store_rows({row_of(1, 0), row_of(2, 0), row_of(3, 0)});

  auto found = uut->reviews({id_of(3), id_of(9), id_of(1)});
  auto none = uut->reviews({});

  CAF_REQUIRE(found && none);
  CAF_REQUIRE_EQUAL(found->size(), 2u);
  CAF_CHECK((*found)[0].what.id == id_of(3));
  CAF_CHECK((*found)[1].what.id == id_of(1));
  CAF_CHECK(none->empty());
}

CAF_TEST(stored offsets are those of the group and the topic) {
  auto others = make_review_store_factory(database.params(), "other group", "topic")();
  CAF_REQUIRE(store->store(batch_of(std::nullopt, {row_of(1, 0)}, 7)));
  CAF_REQUIRE(store->store(batch_of(std::nullopt, {row_of(2, 0), row_of(3, 0)}, 2)));
  CAF_REQUIRE(others->store(batch_of(std::nullopt, {row_of(4, 0)}, 1)));

  auto offsets = uut->stored_offsets();

  CAF_REQUIRE(offsets);
  CAF_REQUIRE_EQUAL(offsets->size(), 2u);
  CAF_CHECK_EQUAL((*offsets)[0].partition, 2);
  CAF_CHECK_EQUAL((*offsets)[0].next_offset, 2);
  CAF_CHECK_EQUAL((*offsets)[1].partition, 7);
  CAF_CHECK_EQUAL((*offsets)[1].next_offset, 1);
}

CAF_TEST(every read begins in an index and sorts nothing) {
  database.sql("insert into reviews select gen_random_uuid(), 'vendor-' || i % 50, 'Ada', 5, null, null, "
               "now() - i * interval '1 second', now(), 0, i from generate_series(1, 20000) as i; "
               "analyze reviews");
  const std::string id = "'00000000-0000-7000-8000-000000000001'";

  const auto newest = plan_of("newest_reviews('vendor-1', 21)");
  const auto older = plan_of("older_reviews('vendor-1', 21, now(), " + id + ")");

  for (const auto& plan : {newest, older}) {
    CAF_CHECK_NOT_EQUAL(plan.find("Index Scan using reviews_by_vendor"), std::string::npos);
    CAF_CHECK_EQUAL(plan.find("Sort"), std::string::npos);
  }
  const auto condition = older.substr(older.find("Index Cond"));
  CAF_CHECK_NOT_EQUAL(condition.find("ROW(created_at, review_id) <"), std::string::npos);
  CAF_CHECK_NOT_EQUAL(plan_of("review_by_id(" + id + ")").find("Index Scan using reviews_pkey"),
                      std::string::npos);
  CAF_CHECK_NOT_EQUAL(plan_of("reviews_by_ids(array[" + id + "]::uuid[])").find("using reviews_pkey"),
                      std::string::npos);
}

CAF_TEST(the session of a reader cannot write) {
  auto opened = session::open(database.params());
  CAF_REQUIRE(opened);

  auto written = (*opened)->call<void>([](pq::connection& with) -> sql_result<void> {
    prepare_read_statements(with);
    pqxx::nontransaction tx(with);
    tx.exec("delete from reviews");
    return {};
  });

  CAF_REQUIRE(!written);
  CAF_CHECK_NOT_EQUAL(written.error().what.detail.find("25006"), std::string::npos);
}

CAF_TEST(a role that may only read is enough and one that may not is refused) {
  auto how = database.params();
  how.url += " user='locked' password='right'";
  store_rows({row_of(1, 0)});
  auto reader = make_review_reader_factory(how, "group", "topic")();

  check_failed(reader->review(id_of(1)), ec::refused, "42501");
  database.sql("grant select on reviews, vendor_ratings, consumer_offsets to locked");

  CAF_CHECK(reader->review(id_of(1)).value().has_value());
  CAF_CHECK_EQUAL(reader->rating_of("vendor-1").value().count, 1);
  CAF_CHECK_EQUAL(reader->stored_offsets().value().size(), 1u);
  CAF_CHECK_EQUAL(reader->reviews({id_of(1)}).value().size(), 1u);
  CAF_CHECK_EQUAL(reader->reviews_of("vendor-1", {}, 1).value().reviews.size(), 1u);
  database.sql("drop owned by locked");
}

CAF_TEST(a database without the schema is refused) {
  test_database empty(server, false);
  auto reader = make_review_reader_factory(empty.params(), "group", "topic")();

  check_failed(reader->review(id_of(1)), ec::refused, "42P01");
}

CAF_TEST(a session that ended meanwhile is replaced within the call) {
  store_rows({row_of(1, 0)});
  CAF_REQUIRE(uut->review(id_of(1)));
  CAF_CHECK_GREATER_OR_EQUAL(database.terminate_sessions(), 1);
  CAF_REQUIRE(eventually([&] {
    return database.value("select count(*) from pg_stat_activity where datname = current_database() and "
                          "application_name = 'reviews'") == "0";
  }));

  auto found = uut->review(id_of(1));

  CAF_REQUIRE(found);
  CAF_CHECK(found->has_value());
}

CAF_TEST(a stopped server is unavailable and one that is back is read at once) {
  store_rows({row_of(1, 0)});
  CAF_REQUIRE(uut->review(id_of(1)));
  server.stop();

  check_failed(uut->review(id_of(1)), ec::unavailable, "postgres");
  check_failed(uut->rating_of("vendor-1"), ec::unavailable, "postgres");

  server.start();
  CAF_CHECK(uut->review(id_of(1)).value().has_value());
}

CAF_TEST_FIXTURE_SCOPE_END()
