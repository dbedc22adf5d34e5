#define CAF_SUITE pg_store_outage

#include "db/pg_review_store.hpp"

#include "tests/db/review_rows.hpp"
#include "tests/fixtures/postgres.hpp"

#include "caf/test/unit_test.hpp"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace reviews;
using namespace reviews::test;
using namespace std::chrono_literals;

namespace {

/// A session that holds what it has locked until it dies.
class holder {
public:
  holder(const std::string& url, const std::string& sql) : connection_(PQconnectdb(url.c_str())) {
    PQclear(PQexec(connection_, ("begin; " + sql).c_str()));
  }
  ~holder() { PQfinish(connection_); }
  holder(const holder&) = delete;
  holder& operator=(const holder&) = delete;

private:
  PGconn* connection_;
};

/// The store's session, by what it ran last.
constexpr const char* store_sessions =
    "from pg_stat_activity where query like '%with started as%' and datname "
    "= current_database() and application_name = 'reviews'";

struct fixture {
  postgres_server& server = postgres_server::own();
  test_database database{server};
  review_store_ptr uut = make_store(database.params());

  static review_store_ptr make_store(database_params how) {
    return make_review_store_factory(std::move(how), "group", "topic")();
  }

  database_params hasty(std::chrono::milliseconds statement_timeout) const {
    auto how = database.params();
    how.statement_timeout = statement_timeout;
    how.connect_timeout = 3s;
    return how;
  }

  template <class T>
  void check_failed(const outcome<T>& result, ec code, const std::string& part = "") {
    CAF_REQUIRE(!result);
    CAF_MESSAGE(result.error().detail);
    CAF_CHECK(result.error().code == code);
    CAF_CHECK_NOT_EQUAL(result.error().detail.find(part), std::string::npos);
  }

  void check_refused(const std::string& url, const std::string& part) {
    auto how = database.params();
    how.url = url;
    check_failed(make_store(how)->check_schema(), ec::refused, part);
  }

  void check_stored(const review_batch& batch) {
    auto stored = uut->store(batch);
    CAF_REQUIRE(stored);
    CAF_CHECK_EQUAL(stored->inserted, batch.rows.size());
    CAF_CHECK_EQUAL(stored->duplicates, 0u);
    check_holds(batch);
  }

  void check_holds(const review_batch& batch) {
    CAF_CHECK_EQUAL(database.value("select max(next_offset) from consumer_offsets"),
                    std::to_string(batch.next_offset));
    CAF_CHECK_EQUAL(database.value("select count(*) from reviews"), std::to_string(batch.next_offset));
    CAF_CHECK_EQUAL(database.value("select sum(rating_count) from vendor_ratings"),
                    std::to_string(batch.next_offset));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(pg_store_outage_tests, fixture)

CAF_TEST(a stopped server is unavailable and the store recovers by itself) {
  check_stored(batch_of(std::nullopt, {row_of(1, 0)}));
  server.stop();

  check_failed(uut->store(batch_of(1, {row_of(2, 0)})), ec::unavailable);
  check_failed(uut->store(batch_of(1, {row_of(2, 0)})), ec::unavailable);
  check_failed(uut->stored_offsets({0}), ec::unavailable);
  check_failed(uut->check_schema(), ec::unavailable);

  server.start();
  check_stored(batch_of(1, {row_of(2, 0)}));
}

CAF_TEST(a terminated session is unavailable once) {
  check_stored(batch_of(std::nullopt, {row_of(1, 0)}));
  CAF_CHECK_GREATER_OR_EQUAL(database.terminate_sessions(), 1);
  CAF_REQUIRE(
      eventually([&] { return database.value(std::string("select count(*) ") + store_sessions) == "0"; }));

  check_failed(uut->store(batch_of(1, {row_of(2, 0)})), ec::unavailable);

  check_stored(batch_of(1, {row_of(2, 0)}));
}

CAF_TEST(a statement over its time is unavailable) {
  uut = make_store(hasty(200ms));
  database.sql("create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(60); "
               "return new; end $$; create trigger slow before insert on reviews for each row execute "
               "function slow()");

  check_failed(uut->store(batch_of(std::nullopt, {row_of(1, 0)})), ec::unavailable, "57014");

  database.sql("drop trigger slow on reviews");
  check_stored(batch_of(std::nullopt, {row_of(1, 0)}));
}

CAF_TEST(a lock held by another is unavailable) {
  uut = make_store(hasty(400ms));
  {
    holder other(database.url(), "lock table vendor_ratings");

    check_failed(uut->store(batch_of(std::nullopt, {row_of(1, 0)})), ec::unavailable, "55P03");
  }

  check_stored(batch_of(std::nullopt, {row_of(1, 0)}));
}

CAF_TEST(a server that became read only is unavailable until it writes again) {
  database.sql("do $$ begin execute 'alter database ' || current_database() || "
               "' set default_transaction_read_only = on'; end $$");
  check_failed(uut->store(batch_of(std::nullopt, {row_of(1, 0)})), ec::unavailable, "25006");

  run_sql(server.url("postgres"), "alter database \"" + database.value("select current_database()") +
                                      "\" reset default_transaction_read_only");

  check_stored(batch_of(std::nullopt, {row_of(1, 0)}));
}

CAF_TEST(a missing table is refused) {
  database.sql("drop table vendor_ratings");

  check_failed(uut->store(batch_of(std::nullopt, {row_of(1, 0)})), ec::refused,
               "42P01 (relation \"vendor_ratings\" does not exist");
  CAF_CHECK_EQUAL(database.value("select count(*) from consumer_offsets"), "0");
}

CAF_TEST(a role without rights is refused) {
  auto how = database.params();
  how.url += " user='locked' password='right'";
  uut = make_store(how);

  check_failed(uut->store(batch_of(std::nullopt, {row_of(1, 0)})), ec::refused, "42501");
}

CAF_TEST(wrong credentials and names are refused) {
  const auto here = database.value("select current_database()");

  check_refused(server.url(here, "locked") + " password='wrong'", "28P01");
  check_refused(server.url(here, "locked"), "password");
  check_refused(server.url(here, "nobody-of-that-name"), "28000");
  check_refused(server.url("no-such-database"), "3D000");
  check_refused("postgresql://u:secret@host:port", "database.url");
  check_refused("not a keyword string", "database.url");
}

CAF_TEST(a wrong URL does not show its password) {
  auto how = database.params();
  how.url = "postgresql://u:secret@host:port";

  auto checked = make_store(how)->check_schema();

  CAF_REQUIRE(!checked);
  CAF_CHECK_EQUAL(checked.error().detail.find("secret"), std::string::npos);
}

CAF_TEST(a server that accepts and says nothing is unavailable in time) {
  const int silent = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  CAF_REQUIRE_EQUAL(::bind(silent, reinterpret_cast<sockaddr*>(&address), size), 0);
  CAF_REQUIRE_EQUAL(::listen(silent, 4), 0);
  ::getsockname(silent, reinterpret_cast<sockaddr*>(&address), &size);
  auto how = hasty(1s);
  how.connect_timeout = 1s;
  how.url = "host=127.0.0.1 dbname=x user=x port=" + std::to_string(ntohs(address.sin_port));
  const auto start = std::chrono::steady_clock::now();

  check_failed(make_store(how)->check_schema(), ec::unavailable, "within 1000 ms");

  CAF_CHECK(std::chrono::steady_clock::now() - start < 20s);
  ::close(silent);
}

CAF_TEST(a session that falls silent is given up and its batch settled) {
  uut = make_store(hasty(500ms));
  check_stored(batch_of(std::nullopt, {row_of(1, 0)}));
  const auto batch = batch_of(1, {row_of(2, 0), row_of(3, 0)});
  const auto backend =
      static_cast<pid_t>(std::stoi(database.value(std::string("select pid ") + store_sessions)));
  CAF_REQUIRE_EQUAL(::kill(backend, SIGSTOP), 0);
  const auto start = std::chrono::steady_clock::now();

  check_failed(uut->store(batch), ec::unavailable, "broken connection");

  CAF_CHECK(std::chrono::steady_clock::now() - start < 20s);
  ::kill(backend, SIGCONT); // it may still run what it was sent
  CAF_REQUIRE(eventually([&] { return ::kill(backend, 0) != 0; }));
  check_stored(batch);
}

CAF_TEST_FIXTURE_SCOPE_END()
