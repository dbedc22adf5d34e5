#define CAF_SUITE routing

#include "http/http_metrics.hpp"
#include "http/problem.hpp"
#include "http/response_writer.hpp"
#include "http/router.hpp"

#include <boost/json.hpp>
#include <prometheus/text_serializer.h>

#include "caf/test/unit_test.hpp"

using namespace reviews;

namespace {

class empty_endpoint : public endpoint {
public:
  answer handle(const http_request&, http_response&, const reply&) override { return answer::now; }
};

router make_router() {
  router routes;
  routes.add(http_method::get, "/v1/reviews/{review_id}", std::make_unique<empty_endpoint>());
  routes.add(http_method::get, "/v1/vendors/{vendor_id}/rating", std::make_unique<empty_endpoint>());
  routes.add(http_method::get, "/", std::make_unique<empty_endpoint>());
  routes.add(http_method::post, "/v1/reviews", std::make_unique<empty_endpoint>());
  routes.add(http_method::get, "/v1/reviews/latest", std::make_unique<empty_endpoint>());
  return routes;
}

std::string pattern_of(const router& routes, std::string_view path, http_request& request) {
  request.path = path;
  const auto* found = routes.match(request);
  return found ? found->pattern() : "none";
}

} // namespace

CAF_TEST(paths find their route) {
  const auto uut = make_router();
  http_request request;

  CAF_CHECK_EQUAL(pattern_of(uut, "/", request), "/");
  CAF_CHECK_EQUAL(pattern_of(uut, "/v1/reviews", request), "/v1/reviews");
  CAF_CHECK_EQUAL(pattern_of(uut, "/v1/review%73", request), "/v1/reviews");
  CAF_CHECK_EQUAL(pattern_of(uut, "/v1/reviews/latest", request), "/v1/reviews/latest");
  CAF_CHECK(request.parameters.empty());
  CAF_CHECK_EQUAL(pattern_of(uut, "/v1/reviews/a%2Fb", request), "/v1/reviews/{review_id}");
  CAF_CHECK_EQUAL(request.parameter("review_id"), "a/b");
  CAF_CHECK_EQUAL(pattern_of(uut, "/v1/vendors/acme/rating", request), "/v1/vendors/{vendor_id}/rating");
  CAF_CHECK_EQUAL(request.parameter("vendor_id"), "acme");
}

CAF_TEST(other paths find none) {
  const auto uut = make_router();
  http_request request;

  for (const auto* path : {"", "*", "/v1", "/v1/", "/v1/reviews/", "/v1/reviews/a/", "/v1/reviews/a/b",
                           "/v1/vendors//rating", "/V1/reviews", "//", "/v1/vendors/acme/ratings"})
    CAF_CHECK_EQUAL(pattern_of(uut, path, request), "none");
}

CAF_TEST(HEAD comes with GET and Allow names both) {
  const auto uut = make_router();
  http_request request;
  request.path = "/";
  const auto* found = uut.match(request);

  CAF_REQUIRE(found != nullptr);
  CAF_CHECK(found->find(http_method::head) == found->find(http_method::get));
  CAF_CHECK(found->find(http_method::post) == nullptr);
  CAF_CHECK(found->find(http_method::other) == nullptr);
  CAF_CHECK_EQUAL(found->allow(false), "GET, HEAD");
  CAF_CHECK_EQUAL(found->allow(true), "GET, HEAD, OPTIONS");
}

CAF_TEST(query parameters are decoded) {
  http_request uut;
  uut.query = "limit=20&cursor=a%2Bb%3D&empty=&bad=%z&flag";
  std::string value;

  CAF_CHECK(uut.query_parameter("cursor", value));
  CAF_CHECK_EQUAL(value, "a+b=");
  CAF_CHECK(uut.query_parameter("empty", value));
  CAF_CHECK_EQUAL(value, "");
  CAF_CHECK(uut.query_parameter("flag", value));
  CAF_CHECK(!uut.query_parameter("bad", value));
  CAF_CHECK(!uut.query_parameter("absent", value));
}

CAF_TEST(a problem has the members of RFC 9457) {
  http_response out;

  write_problem(out, problem_kind::not_a_review, "review: \"quoted\"", "urn:uuid:1",
                {{"/rating", "expected 1..5"}});

  const auto body = boost::json::parse(out.body);
  CAF_CHECK_EQUAL(out.status, 422u);
  CAF_CHECK_EQUAL(out.content_type, "application/problem+json");
  CAF_CHECK(body.at("type") == "/problems/not-a-review");
  CAF_CHECK(body.at("title") == "Not a review");
  CAF_CHECK(body.at("status") == 422);
  CAF_CHECK(body.at("detail") == "review: \"quoted\"");
  CAF_CHECK(body.at("instance") == "urn:uuid:1");
  CAF_CHECK(body.at_pointer("/errors/0/pointer") == "/rating");
}

CAF_TEST(each failure has its status) {
  const std::vector<std::pair<ec, unsigned>> table = {
      {ec::overloaded, 503},  {ec::unavailable, 503}, {ec::outcome_unknown, 504}, {ec::shutting_down, 503},
      {ec::invalid, 422},     {ec::poisoned, 500},    {ec::fenced, 500},          {ec::refused, 503},
      {ec::offset_gone, 500}, {ec::broken, 500},
  };
  for (const auto& [code, status] : table) {
    http_response out;
    write_problem(out, failure{code, "x: expected y, got z", {}}, "urn:uuid:1");
    CAF_CHECK_EQUAL(out.status, status);
    CAF_CHECK_EQUAL(out.headers.empty(), status != 503);
  }
}

CAF_TEST(a failure tells when to come back) {
  http_response soon;
  http_response later;

  write_problem(soon, failure{ec::overloaded, "", {}}, "id");
  write_problem(later, failure{ec::overloaded, "", std::chrono::seconds(7)}, "id");

  CAF_CHECK_EQUAL(soon.headers, "Retry-After: 1\r\n");
  CAF_CHECK_EQUAL(later.headers, "Retry-After: 7\r\n");
}

CAF_TEST(every problem has a reason phrase and a name of its own) {
  for (std::size_t i = 0; i < problem_kind_count; ++i) {
    const auto kind = static_cast<problem_kind>(i);
    CAF_CHECK(!reason_of(status_of(kind)).empty());
    for (std::size_t k = 0; k < i; ++k)
      CAF_CHECK(to_string(kind) != to_string(static_cast<problem_kind>(k)));
  }
}

CAF_TEST(metrics keep their labels bounded) {
  prometheus::Registry registry;
  http_metrics uut(registry);
  auto& meter = uut.route("/v1/reviews/{review_id}");

  uut.observe(meter, http_method::get, 200, std::chrono::milliseconds(3));
  uut.observe(meter, parse_method("BREW"), 405, std::chrono::milliseconds(3));
  uut.observe(uut.route(""), http_method::get, 404, std::chrono::milliseconds(3));
  uut.review_rejected(problem_kind::overloaded, 3);

  const auto text = prometheus::TextSerializer().Serialize(registry.Collect());
  const auto has = [&](std::string_view line) { return text.find(line) != text.npos; };
  CAF_CHECK(&meter == &uut.route("/v1/reviews/{review_id}"));
  CAF_CHECK(
      has("http_server_request_duration_seconds_count{http_request_method=\"GET\",http_response_status_code="
          "\"200\",http_route=\"/v1/reviews/{review_id}\"} 1"));
  CAF_CHECK(has("http_request_method=\"_OTHER\""));
  CAF_CHECK(has("reviews_rejected_total{reason=\"overloaded\"} 3"));
  CAF_CHECK(has("reviews_rejected_total{reason=\"not_json\"} 0"));
}

CAF_TEST(a response head says what RFC 9110 asks for) {
  http_response response;
  response.status = 202;
  response.body = "{}";
  response.add_header("Location", "/v1/reviews/1");
  std::string out;

  append_response_head(out, response, {"urn:uuid:1", "", false, false});

  CAF_CHECK(out.starts_with("HTTP/1.1 202 Accepted\r\nDate: "));
  CAF_CHECK(
      out.find(" GMT\r\nContent-Type: application/json\r\nContent-Length: 2\r\nX-Request-Id: urn:uuid:1\r\n"
               "Location: /v1/reviews/1\r\nConnection: close\r\n\r\n") != out.npos);
}
