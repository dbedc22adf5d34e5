#define CAF_SUITE get_vendor

#include "http/get_vendor_reviews.hpp"
#include "http/page_cursor.hpp"
#include "tests/http/reading_fixture.hpp"

#include "caf/test/unit_test.hpp"

#include <set>

using namespace reviews;
using namespace reviews::test;

namespace {

const std::string list = "/v1/vendors/acme/reviews";
const std::string rating = "/v1/vendors/acme/rating";

std::string detail_of(const wire_response& got) {
  return text_at(json_of(got), "/detail");
}

std::vector<std::string> authors_of(const wire_response& got) {
  std::vector<std::string> authors;
  const auto body = json_of(got);
  for (const auto& each : body.at("reviews").as_array())
    authors.push_back(text_at(each, "/author"));
  return authors;
}

/// The target of `Link: <target>; rel="next"`; empty when there is none.
std::string next_of(const wire_response& got) {
  const auto link = got.header("Link");
  const auto end = link.find(">; rel=\"next\"");
  return end == link.npos ? std::string() : link.substr(1, end - 1);
}

} // namespace

CAF_TEST(a vendor without reviews has an empty list and no next page) {
  reading_fixture fix;

  const auto got = fix.ask(list);

  CAF_CHECK_EQUAL(got.status, 200);
  CAF_CHECK_EQUAL(got.body, R"({"reviews":[],"next_cursor":null})");
  CAF_CHECK_EQUAL(got.header("Link"), "");
  CAF_CHECK_EQUAL(got.header("Cache-Control"), "no-cache");
}

CAF_TEST(a list is newest first and shows reviews as they are shown alone) {
  reading_fixture fix;
  const auto older = fix.store(1);
  fix.store(2);

  const auto got = fix.ask(list);

  CAF_CHECK((authors_of(got) == std::vector<std::string>{"Ada 2", "Ada 1"}));
  const auto alone = fix.ask("/v1/reviews/" + reviews::to_string(older.id));
  CAF_CHECK(json_of(got).at("reviews").at(1) == json_of(alone));
}

CAF_TEST(a page has twenty reviews unless told otherwise) {
  reading_fixture fix;
  for (int i = 0; i < 101; ++i)
    fix.store(i);

  CAF_CHECK_EQUAL(authors_of(fix.ask(list)).size(), 20u);
  CAF_CHECK_EQUAL(authors_of(fix.ask(list + "?limit=1")).size(), 1u);
  CAF_CHECK_EQUAL(authors_of(fix.ask(list + "?limit=100")).size(), 100u);
  CAF_CHECK_EQUAL(authors_of(fix.ask(list + "?other=x&limit=%37&limit=500")).size(), 7u);
}

CAF_TEST(following the links visits every review once) {
  reading_fixture fix;
  for (int i = 0; i < 25; ++i)
    fix.store(i);

  std::multiset<std::string> seen;
  std::size_t pages = 0;
  for (auto target = list + "?limit=10"; !target.empty(); ++pages) {
    const auto got = fix.ask(target);
    CAF_REQUIRE_EQUAL(got.status, 200);
    for (const auto& author : authors_of(got))
      seen.insert(author);
    target = next_of(got);
    const auto cursor = json_of(got).at("next_cursor");
    CAF_CHECK_EQUAL(target, cursor.is_null() ? "" : list + "?limit=10&cursor=" + cursor.as_string().c_str());
  }

  CAF_CHECK_EQUAL(pages, 3u);
  CAF_CHECK_EQUAL(seen.size(), 25u);
  for (int i = 0; i < 25; ++i)
    CAF_CHECK_EQUAL(seen.count("Ada " + std::to_string(i)), 1u);
}

CAF_TEST(a limit out of range is 400 and says which one) {
  reading_fixture fix;

  for (const auto& [sent, got] :
       std::vector<std::pair<std::string, std::string>>{{"500", "500"},
                                                        {"0", "0"},
                                                        {"-1", "-1"},
                                                        {"101", "101"},
                                                        {"", "something else"},
                                                        {"ten", "something else"},
                                                        {"1.0", "something else"},
                                                        {"5%20", "something else"},
                                                        {"99999999", "something else"},
                                                        {"99999999999999999999", "something else"}}) {
    const auto answer = fix.ask(list + "?limit=" + sent);
    CAF_CHECK_EQUAL(answer.status, 400);
    CAF_CHECK_EQUAL(detail_of(answer), "limit: expected 1..100, got " + got);
  }
  CAF_CHECK_EQUAL(fix.queries.asked(), 0u);
}

CAF_TEST(a malformed parameter is 400 and not taken for an absent one) {
  reading_fixture fix;

  for (const std::string name : {"limit", "cursor", "l%zz"})
    for (const auto* value : {"%zz", "%", "5%", "%4", "%zz&limit=5"})
      CAF_CHECK_EQUAL(fix.ask(list + "?" + name + "=" + value).status, 400);
  CAF_CHECK_EQUAL(fix.queries.asked(), 0u);
}

CAF_TEST(an empty cursor asks for the first page) {
  reading_fixture fix;
  fix.store(1);

  const auto got = fix.ask(list + "?limit=20&cursor=");

  CAF_CHECK_EQUAL(got.status, 200);
  CAF_CHECK_EQUAL(authors_of(got).size(), 1u);
  CAF_CHECK_EQUAL(got.body, fix.ask(list + "?limit=20").body);
}

CAF_TEST(a cursor that is none is 400 without asking the database) {
  reading_fixture fix;
  const auto good = to_cursor({make_sample_review(1).created_at, make_sample_review(1).id});
  CAF_REQUIRE_EQUAL(fix.ask(list + "?cursor=" + good).status, 200);
  const std::string year_300000("f" + std::string(31, '_')); // beyond what RFC 3339 can write

  for (const auto& cursor :
       {std::string("x"), good.substr(1), good + "A", "*" + good.substr(1), "+" + good.substr(1),
        good.substr(0, 31) + "%00", year_300000, std::string(2000, 'A')}) {
    const auto got = fix.ask(list + "?cursor=" + cursor);
    CAF_CHECK_EQUAL(got.status, 400);
    CAF_CHECK_EQUAL(detail_of(got), "cursor: expected the next_cursor of a page, got something else");
  }
  CAF_CHECK_EQUAL(fix.queries.asked(), 1u);
}

CAF_TEST(a cursor keeps a place to the microsecond) {
  for (const auto* time : {"2026-11-22T17:28:24.000123Z", "1969-12-31T23:59:59.999999Z",
                           "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"}) {
    const review_place place{parse_rfc3339(time).value(), make_sample_review(1).id};
    CAF_CHECK(parse_cursor(to_cursor(place)) == place);
  }
}

CAF_TEST(a vendor id against the rules is 422 and tells the member) {
  reading_fixture fix;
  const std::string long_id(65, 'a');

  for (const auto& id : {long_id, std::string("caf%C3%A9"), std::string("a%2Fb"), std::string("a%20b"),
                         std::string("%00"), std::string("%FF")})
    for (const auto* what : {"/reviews", "/rating"}) {
      const auto got = fix.ask("/v1/vendors/" + id + what);
      CAF_CHECK_EQUAL(got.status, 422);
      CAF_CHECK_EQUAL(text_at(json_of(got), "/type"), "/problems/not-a-vendor-id");
      CAF_CHECK_EQUAL(text_at(json_of(got), "/errors/0/pointer"), "/vendor_id");
      CAF_CHECK(text_at(json_of(got), "/errors/0/detail").starts_with("expected a string of 1 to 64"));
    }
  CAF_CHECK_EQUAL(fix.queries.asked(), 0u);
  CAF_CHECK_EQUAL(fix.ask("/v1/vendors//rating").status, 404);
}

CAF_TEST(a rating has counts and their mean to two decimals) {
  reading_fixture fix;
  int number = 0;
  for (const int stars : {5, 5, 4, 1, 5, 3, 5}) // 28 / 7
    fix.store(number++, stars);

  CAF_CHECK_EQUAL(fix.ask(rating).body, R"({"vendor_id":"acme","rating_count":7,"rating_value":4.00,)"
                                        R"("best_rating":5,"worst_rating":1,)"
                                        R"("histogram":{"1":1,"2":0,"3":1,"4":1,"5":4}})");
}

CAF_TEST(a mean is rounded to the nearest hundredth) {
  for (const auto& [ratings, mean] :
       std::vector<std::pair<std::vector<int>, double>>{{{5}, 5.0},
                                                        {{1, 2}, 1.5},
                                                        {{5, 5, 4}, 4.67},
                                                        {{1, 1, 2}, 1.33},
                                                        {{1, 1, 1, 1, 1, 1, 1, 2}, 1.13}}) {
    reading_fixture fix;
    int number = 0;
    for (const int each : ratings)
      fix.store(number++, each);

    const auto body = json_of(fix.ask(rating));
    CAF_CHECK_EQUAL(body.at("rating_value").as_double(), mean);
  }
}

CAF_TEST(a vendor nobody has rated has no mean) {
  reading_fixture fix;

  const auto got = fix.ask(rating);

  CAF_CHECK_EQUAL(got.status, 200);
  CAF_CHECK(json_of(got).at("rating_value").is_null());
  CAF_CHECK_EQUAL(number_at(json_of(got), "/rating_count"), 0);
  CAF_CHECK_EQUAL(number_at(json_of(got), "/histogram/5"), 0);
}

CAF_TEST(a list and a rating are asked for anew and told when nothing changed) {
  for (const auto& target : {list, rating}) {
    reading_fixture fix;
    fix.store(1);
    const auto before = fix.ask(target);
    const auto line = "If-None-Match: " + before.header("ETag") + "\r\n";

    CAF_CHECK_EQUAL(before.header("Cache-Control"), "no-cache");
    CAF_CHECK_EQUAL(fix.ask(target, line).status, 304);
    fix.store(2);
    const auto after = fix.ask(target, line);

    CAF_CHECK_EQUAL(after.status, 200);
    CAF_CHECK_NOT_EQUAL(after.header("ETag"), before.header("ETag"));
  }
}

CAF_TEST(HEAD Accept and the state of the database are the same for all) {
  reading_fixture fix;
  fix.store(1);

  for (const auto& target : {list, rating}) {
    CAF_CHECK_EQUAL(fix.ask_head(target).status, 200);
    CAF_CHECK_EQUAL(fix.ask(target, "Accept: text/html\r\n").status, 406);
  }
  fix.queries.fail_all({ec::unavailable, "08006", {}});
  for (const auto& target : {list, rating}) {
    const auto got = fix.ask(target);
    CAF_CHECK_EQUAL(got.status, 503);
    CAF_CHECK_EQUAL(got.header("Retry-After"), "1");
  }
}
