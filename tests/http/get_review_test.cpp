#define CAF_SUITE get_review

#include "http/get_review.hpp"

#include "tests/http/reading_fixture.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <cctype>

using namespace reviews;
using namespace reviews::test;

namespace {

std::string path_of(const review& r) {
  return "/v1/reviews/" + reviews::to_string(r.id);
}

void check_unavailable(const wire_response& got) {
  CAF_CHECK_EQUAL(got.status, 503);
  CAF_CHECK_EQUAL(got.header("Content-Type"), "application/problem+json");
  CAF_CHECK_EQUAL(got.header("Retry-After"), "1");
  CAF_CHECK_EQUAL(text_at(json_of(got), "/detail"),
                  "database: expected an answer, got none for now; posting goes on");
}

} // namespace

CAF_TEST(a stored review is shown with its place and may be kept for good) {
  reading_fixture fix;
  const auto stored = fix.store(1, 4);

  const auto got = fix.ask(path_of(stored));

  const auto body = json_of(got);
  CAF_CHECK_EQUAL(got.status, 200);
  CAF_CHECK_EQUAL(got.header("Content-Type"), "application/json");
  CAF_CHECK_EQUAL(got.header("Cache-Control"), "public, max-age=86400, immutable");
  CAF_CHECK(got.header("ETag").starts_with('"'));
  CAF_CHECK_EQUAL(text_at(body, "/review_id"), reviews::to_string(stored.id));
  CAF_CHECK_EQUAL(text_at(body, "/vendor_id"), "acme");
  CAF_CHECK_EQUAL(text_at(body, "/author"), "Ada 1");
  CAF_CHECK_EQUAL(number_at(body, "/rating"), 4);
  CAF_CHECK_EQUAL(text_at(body, "/text"), "great, number 1");
  CAF_CHECK_EQUAL(text_at(body, "/created_at"), format_rfc3339(stored.created_at));
  CAF_CHECK_EQUAL(text_at(body, "/stored_at"), format_rfc3339(stored.created_at + 5ms));
  CAF_CHECK_EQUAL(number_at(body, "/partition"), 3);
  CAF_CHECK_EQUAL(number_at(body, "/offset"), 101);
  CAF_CHECK_EQUAL(body.as_object().size(), 9u); // no title
}

CAF_TEST(an id is found in either case) {
  reading_fixture fix;
  auto path = path_of(fix.store(1));
  std::transform(path.begin() + 12, path.end(), path.begin() + 12, ::toupper);

  CAF_CHECK_EQUAL(fix.ask(path).status, 200);
}

CAF_TEST(what is not stored yet is 404 and kept by nobody) {
  reading_fixture fix;

  const auto got = fix.ask("/v1/reviews/0190a6c4-5b1e-7c3d-8f2a-1b2c3d4e5f60");

  CAF_CHECK_EQUAL(got.status, 404);
  CAF_CHECK_EQUAL(got.header("Content-Type"), "application/problem+json");
  CAF_CHECK_EQUAL(got.header("Cache-Control"), "no-store");
  CAF_CHECK_EQUAL(text_at(json_of(got), "/type"), "/problems/not-found");
}

CAF_TEST(what is no UUID is 404 without asking the database) {
  reading_fixture fix;

  for (const auto* id : {"1", "0190a6c4-5b1e-7c3d-8f2a-1b2c3d4e5f6g", "%00", "..", "null"})
    CAF_CHECK_EQUAL(fix.ask("/v1/reviews/" + std::string(id)).status, 404);
  CAF_CHECK_EQUAL(fix.queries.asked(), 0u);
}

CAF_TEST(who has it already is told so without the body) {
  reading_fixture fix;
  const auto path = path_of(fix.store(1));
  const auto tag = fix.ask(path).header("ETag");

  for (const auto& line :
       {"If-None-Match: " + tag, "If-None-Match: W/" + tag, std::string("If-None-Match: *"),
        "If-None-Match: \"a,b\", " + tag + " , \"c\"", "If-None-Match: \"other\"\r\nif-none-match: " + tag}) {
    const auto got = fix.ask(path, line + "\r\n");

    CAF_CHECK_EQUAL(got.status, 304);
    CAF_CHECK_EQUAL(got.body, "");
    CAF_CHECK_EQUAL(got.header("ETag"), tag);
    CAF_CHECK_EQUAL(got.header("Cache-Control"), "public, max-age=86400, immutable");
    CAF_CHECK_EQUAL(got.header("Content-Type"), "");
    CAF_CHECK_EQUAL(got.header("Content-Length"), "");
  }
}

CAF_TEST(who has something else gets the body) {
  reading_fixture fix;
  const auto path = path_of(fix.store(1));
  const auto tag = fix.ask(path).header("ETag");

  for (const auto& line : {std::string("If-None-Match: \"other\""), std::string("If-None-Match: \""),
                           "If-None-Match: " + tag.substr(1, tag.size() - 2), std::string("If-None-Match:")})
    CAF_CHECK_EQUAL(fix.ask(path, line + "\r\n").status, 200);
}

CAF_TEST(other reviews have other tags) {
  reading_fixture fix;

  CAF_CHECK_NOT_EQUAL(fix.ask(path_of(fix.store(1))).header("ETag"),
                      fix.ask(path_of(fix.store(2))).header("ETag"));
}

CAF_TEST(HEAD tells what GET would without the body) {
  reading_fixture fix;
  const auto path = path_of(fix.store(1));
  const auto got = fix.ask(path);

  const auto head = fix.ask_head(path);

  CAF_CHECK_EQUAL(head.status, 200);
  CAF_CHECK_EQUAL(head.header("ETag"), got.header("ETag"));
  CAF_CHECK_EQUAL(head.header("Content-Length"), std::to_string(got.body.size()));
  CAF_CHECK_EQUAL(fix.ask_head("/v1/reviews/0190a6c4-5b1e-7c3d-8f2a-1b2c3d4e5f60").status, 404);
}

CAF_TEST(who takes no JSON gets 406 without asking the database) {
  reading_fixture fix;
  const auto path = path_of(fix.store(1));

  CAF_CHECK_EQUAL(fix.ask(path, "Accept: text/html\r\n").status, 406);
  CAF_CHECK_EQUAL(fix.queries.asked(), 0u);
  CAF_CHECK_EQUAL(fix.ask(path, "Accept: text/html\r\nAccept: application/*\r\n").status, 200);
}

CAF_TEST(other methods are 405) {
  reading_fixture fix;

  const auto got =
      fix.server.connect().ask("DELETE " + path_of(fix.store(1)) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

  CAF_CHECK_EQUAL(got.status, 405);
  CAF_CHECK_EQUAL(got.header("Allow"), "GET, HEAD");
}

CAF_TEST(a database out of reach or one that refuses is 503 and its words stay here) {
  reading_fixture fix;
  const auto path = path_of(fix.store(1));

  for (const auto code : {ec::unavailable, ec::refused}) {
    fix.queries.fail_all({code, "postgres: expected success, got 28P01 (role secret)", {}});
    const auto got = fix.ask(path);

    check_unavailable(got);
    CAF_CHECK_EQUAL(got.body.find("secret"), std::string::npos);
  }
}

CAF_TEST(too many reads are 503 with the reason) {
  reading_fixture fix;
  fix.queries.fail_all({ec::overloaded, "reads: expected at most 4 under way, got one more", 1s});

  const auto got = fix.ask(path_of(fix.store(1)));

  CAF_CHECK_EQUAL(got.status, 503);
  CAF_CHECK_EQUAL(got.header("Retry-After"), "1");
  CAF_CHECK_EQUAL(text_at(json_of(got), "/type"), "/problems/overloaded");
}

CAF_TEST(a failure of ours is 500 without details) {
  reading_fixture fix;
  fix.queries.fail_all({ec::broken, "pqxx: something inside", {}});

  const auto got = fix.ask(path_of(fix.store(1)));

  CAF_CHECK_EQUAL(got.status, 500);
  CAF_CHECK_EQUAL(got.body.find("inside"), std::string::npos);
}

CAF_TEST(an answer that does not come in time is 503 and not an unknown outcome) {
  auto params = server_fixture::quick();
  params.request_timeout = 100ms;
  reading_fixture fix(params);
  fix.queries.fall_silent();

  check_unavailable(fix.ask(path_of(fix.store(1))));
}

CAF_TEST(reads go on while the process drains) {
  reading_fixture fix;
  const auto path = path_of(fix.store(1));
  fix.server.server->begin_drain();

  const auto got = fix.ask(path);

  CAF_CHECK_EQUAL(got.status, 200);
  CAF_CHECK_EQUAL(got.header("Connection"), "close");
}
