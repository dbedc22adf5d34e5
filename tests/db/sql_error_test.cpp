#define CAF_SUITE sql_error

#include "db/sql_error.hpp"

#include "caf/test/unit_test.hpp"

#include <array>
#include <stdexcept>
#include <utility>

using namespace reviews;

CAF_TEST(the class of a SQLSTATE says what to do next) {
  const std::pair<const char*, ec> table[] = {
      {"08006", ec::unavailable}, {"53100", ec::unavailable}, {"53300", ec::unavailable},
      {"57014", ec::unavailable}, {"57P01", ec::unavailable}, {"57P03", ec::unavailable},
      {"40001", ec::unavailable}, {"40P01", ec::unavailable}, {"55P03", ec::unavailable},
      {"25006", ec::unavailable}, {"22021", ec::poisoned},    {"22P02", ec::poisoned},
      {"23505", ec::poisoned},    {"23514", ec::poisoned},    {"28000", ec::refused},
      {"28P01", ec::refused},     {"3D000", ec::refused},     {"42P01", ec::refused},
      {"42501", ec::refused},     {"0A000", ec::broken},      {"25P02", ec::broken},
      {"40002", ec::broken},      {"55006", ec::broken},      {"XX000", ec::unavailable},
      {"58030", ec::unavailable}, {"P0001", ec::broken},      {"", ec::broken},
  };

  for (const auto& [sqlstate, code] : table) {
    CAF_MESSAGE("SQLSTATE " << sqlstate);
    CAF_CHECK(failure_of_sqlstate(sqlstate, "ERROR:  text\n").code == code);
  }
}

CAF_TEST(a server that ended one statement is there and one that ended the session is not ) {
  for (const auto* sqlstate : {"57014", "55P03", "40001", "40P01"})
    CAF_CHECK(failure_of_sqlstate(sqlstate, "ERROR:  text\n").is_server_there);
  for (const auto* sqlstate : {"57P01", "57P03", "08006", "53300", "25006", "42501", "23514"})
    CAF_CHECK(!failure_of_sqlstate(sqlstate, "ERROR:  text\n").is_server_there);
}

CAF_TEST(a detail holds the primary line and never what follows it) {
  auto uut = failure_of_sqlstate("23514", "Failure during 'store_batch': ERROR:  new row for relation "
                                          "\"reviews\" violates check constraint \"reviews_rating_check\"\n"
                                          "DETAIL:  Failing row contains (secret).\n");

  CAF_CHECK_EQUAL(uut.detail, "postgres: expected success, got 23514 (new row for relation \"reviews\" "
                              "violates check constraint \"reviews_rating_check\")");
}

CAF_TEST(messages that may quote a value are left out) {
  CAF_CHECK_EQUAL(failure_of_sqlstate("22P02", "ERROR:  invalid input: \"secret\"\n").detail,
                  "postgres: expected success, got 22P02");
  CAF_CHECK_EQUAL(failure_of_sqlstate("P0001", "ERROR:  secret\n").detail,
                  "postgres: expected success, got P0001");
}

CAF_TEST(a refused connection is told by its SQLSTATE in any language) {
  auto uut = failure_of_connect("connection to server at \"h\" (::1), port 5432 failed: Connection refused\n"
                                "\tIs the server running on that host and accepting TCP/IP connections?\n"
                                "connection to server at \"h\" (127.0.0.1), port 5432 failed: "
                                "SCHWERWIEGEND:  28P01: Passwort-Authentifizierung fehlgeschlagen\n"
                                "LOCATION:  auth_failed, auth.c:326\n",
                                false);

  CAF_CHECK(uut.code == ec::refused);
  CAF_CHECK_EQUAL(uut.detail,
                  "postgres: expected success, got 28P01 (Passwort-Authentifizierung fehlgeschlagen)");
}

CAF_TEST(a server that starts up is worth waiting for) {
  auto uut = failure_of_connect("x failed: FATAL:  57P03: the database system is starting up\n", false);

  CAF_CHECK(uut.code == ec::unavailable);
}

CAF_TEST(no answer means unavailable unless a password is wanted) {
  CAF_CHECK(
      failure_of_connect("could not translate host name \"x\" to address: Name:  or service\n", false).code ==
      ec::unavailable);
  CAF_CHECK(failure_of_connect("", false).code == ec::unavailable);
  CAF_CHECK(failure_of_connect("fe_sendauth: no password supplied\n", true).code == ec::refused);
}

CAF_TEST(what TLS turns away is refused) {
  const auto code = [](const char* text) {
    return failure_of_connect(
               std::string("connection to server at \"h\" (127.0.0.1), port 5432 failed: ") + text, false)
        .code;
  };

  CAF_CHECK(code("SSL error: certificate verify failed\n") == ec::refused);
  CAF_CHECK(code("SSL error: tlsv1 alert unknown ca\n") == ec::refused);
  CAF_CHECK(code("server certificate for \"a\" (and 1 other name) does not match host name \"b\"\n") ==
            ec::refused);
  CAF_CHECK(code("server does not support SSL, but SSL was required\n") == ec::refused);
  CAF_CHECK(code("root certificate file \"/x\" does not exist\n") == ec::refused);
  CAF_CHECK(code("private key file \"/x\" has group or world access\n") == ec::refused);
  CAF_CHECK(code("SSL error: unexpected eof while reading\n") == ec::unavailable);
}

CAF_TEST(an unusable value of the URL is refused and not shown) {
  auto uut = failure_of_connect("invalid integer value \"secret\" for connection option \"port\"\n", false);

  CAF_CHECK(uut.code == ec::refused);
  CAF_CHECK_EQUAL(uut.detail, "database.url: expected usable values, got one that libpq rejects");
}

CAF_TEST(other exceptions mean broken and keep their text to themselves) {
  auto uut = guard_sql<int>([]() -> sql_result<int> { throw std::runtime_error("secret"); });

  CAF_REQUIRE(!uut);
  CAF_CHECK(uut.error().what.code == ec::broken);
  CAF_CHECK(!uut.error().is_outcome_unknown);
  CAF_CHECK_EQUAL(uut.error().what.detail, "postgres: expected success, got std::exception");
}
