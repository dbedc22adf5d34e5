#define CAF_SUITE post_reviews

#include "http/post_reviews.hpp"

#include "actors/model/review_id.hpp"
#include "tests/http/server_fixture.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::test;

namespace {

constexpr auto own_id = "0190a6c4-5b1e-7c3d-8f2a-1b2c3d4e5f60";

std::string review_with(std::string_view members) {
  return R"({"vendor_id":"acme","author":"Ann","rating":4,)" + std::string(members) + "}";
}

std::optional<std::string> header_of(const record& r, std::string_view name) {
  for (const auto& header : r.headers)
    if (header.name == name)
      return header.value;
  return std::nullopt;
}

wire_response ask_once(server_fixture& fix, const std::string& request) {
  return fix.connect().ask(request);
}

} // namespace

CAF_TEST(an acknowledged review is answered by its receipt) {
  server_fixture fix;

  const auto got = ask_once(fix, post(valid_review));

  const auto body = json_of(got);
  const auto id = text_at(body, "/review_id");
  CAF_CHECK_EQUAL(got.status, 202);
  CAF_CHECK_EQUAL(got.header("Content-Type"), "application/json");
  CAF_CHECK_EQUAL(got.header("Location"), "/v1/reviews/" + id);
  CAF_CHECK_EQUAL(id[14], '7');
  CAF_CHECK_EQUAL(text_at(body, "/vendor_id"), "acme");
  CAF_CHECK_EQUAL(text_at(body, "/status"), "accepted");
  CAF_CHECK_EQUAL(number_at(body, "/partition"), 3);
  CAF_CHECK_EQUAL(number_at(body, "/offset"), 100);
  CAF_CHECK(parse_rfc3339(text_at(body, "/created_at")).has_value());
  CAF_CHECK_EQUAL(body.as_object().size(), 6u);

  const auto sent = fix.intake.calls().at(0).at(0);
  const auto value = boost::json::parse(sent.value.value());
  CAF_CHECK_EQUAL(sent.key.value(), "acme");
  CAF_CHECK_EQUAL(text_at(value, "/review_id"), id);
  CAF_CHECK_EQUAL(text_at(value, "/created_at"), text_at(body, "/created_at"));
}

CAF_TEST(a late acknowledgement from another thread is answered) {
  server_fixture fix;
  fix.intake.hold();
  auto client = fix.connect();

  client.send(post(valid_review));
  CAF_REQUIRE(eventually([&] { return fix.intake.held_count() == 1; }));
  fix.intake.answer_all();

  CAF_CHECK_EQUAL(client.read().status, 202);
}

CAF_TEST(the client may choose the id) {
  server_fixture fix;

  const auto got = ask_once(fix, post(review_with(R"("review_id":")" + std::string(own_id) + '"')));

  CAF_CHECK_EQUAL(text_at(json_of(got), "/review_id"), own_id);
}

CAF_TEST(an idempotency key decides the id) {
  server_fixture fix;
  const auto expected = to_string(review_id_of_key("acme", "order 1"));

  const auto quoted = ask_once(fix, post(valid_review, "Idempotency-Key: \"order 1\"\r\n"));
  const auto bare = ask_once(fix, post(valid_review, "Idempotency-Key: order 1\r\n"));

  CAF_CHECK_EQUAL(text_at(json_of(quoted), "/review_id"), expected);
  CAF_CHECK_EQUAL(text_at(json_of(bare), "/review_id"), expected);
}

CAF_TEST(a bad idempotency key is refused) {
  server_fixture fix;

  for (const std::string line :
       {"Idempotency-Key:\r\n", "Idempotency-Key: \"\"\r\n", "Idempotency-Key: \"a\r\n",
        "Idempotency-Key: caf\xc3\xa9\r\n", "Idempotency-Key: a\r\nIdempotency-Key: a\r\n"})
    CAF_CHECK_EQUAL(ask_once(fix, post(valid_review, line)).status, 400);
  CAF_CHECK_EQUAL(
      ask_once(fix, post(valid_review, "Idempotency-Key: " + std::string(256, 'k') + "\r\n")).status, 400);
  CAF_CHECK(fix.intake.calls().empty());
}

CAF_TEST(a key and another id contradict each other) {
  server_fixture fix;
  const auto same = to_string(review_id_of_key("acme", "k"));

  const auto other = ask_once(
      fix, post(review_with(R"("review_id":")" + std::string(own_id) + '"'), "Idempotency-Key: k\r\n"));
  CAF_CHECK_EQUAL(other.status, 422);
  CAF_CHECK_EQUAL(text_at(json_of(other), "/errors/0/pointer"), "/review_id");
  CAF_CHECK_EQUAL(
      ask_once(fix, post(review_with(R"("review_id":")" + same + '"'), "Idempotency-Key: k\r\n")).status,
      202);
}

CAF_TEST(what is not JSON and what is not a review differ) {
  server_fixture fix;

  CAF_CHECK_EQUAL(ask_once(fix, post("{")).status, 400);
  CAF_CHECK_EQUAL(ask_once(fix, post("\"\xff\"")).status, 400);
  const auto wrong = ask_once(fix, post(R"({"vendor_id":"a/b","rating":9,"extra":1})"));
  const auto body = json_of(wrong);

  CAF_CHECK_EQUAL(wrong.status, 422);
  CAF_CHECK_EQUAL(wrong.header("Content-Type"), "application/problem+json");
  CAF_CHECK_EQUAL(body.at("errors").as_array().size(), 4u);
  CAF_CHECK_EQUAL(text_at(body, "/instance"), wrong.header("X-Request-Id"));
  CAF_CHECK(fix.shows_metric("reviews_rejected_total{reason=\"not_json\"} 2"));
  CAF_CHECK(fix.shows_metric("reviews_rejected_total{reason=\"not_a_review\"} 1"));
}

CAF_TEST(other media types are refused with the right ones named) {
  server_fixture fix;

  for (const auto* type : {"", "text/plain", "application/json; charset=utf-16"}) {
    const auto got = ask_once(fix, post(valid_review, "", type));
    CAF_CHECK_EQUAL(got.status, 415);
    CAF_CHECK_EQUAL(got.header("Accept"), "application/json, application/x-ndjson");
    CAF_CHECK_EQUAL(got.header("Accept-Post"), "application/json, application/x-ndjson");
  }
  CAF_CHECK_EQUAL(ask_once(fix, post(valid_review, "", "application/json; charset=UTF-8")).status, 202);
}

CAF_TEST(a client that takes no JSON is refused) {
  server_fixture fix;

  CAF_CHECK_EQUAL(ask_once(fix, post(valid_review, "Accept: text/html\r\n")).status, 406);
  CAF_CHECK_EQUAL(ask_once(fix, post(valid_review, "Accept: text/html\r\nAccept: */*\r\n")).status, 202);
  CAF_CHECK_EQUAL(ask_once(fix, post(valid_review, "Accept: application/*\r\n")).status, 202);
}

CAF_TEST(trace context goes with the record) {
  server_fixture fix;
  const std::string parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  ask_once(fix, post(valid_review, "traceparent: " + parent + "\r\ntracestate: a=1\r\n"));
  ask_once(fix, post(valid_review, "traceparent: nonsense\r\ntracestate: a=1\r\n"));

  const auto calls = fix.intake.calls();
  CAF_CHECK_EQUAL(header_of(calls.at(0).at(0), "traceparent").value_or(""), parent);
  CAF_CHECK_EQUAL(header_of(calls.at(0).at(0), "tracestate").value_or(""), "a=1");
  CAF_CHECK(!header_of(calls.at(1).at(0), "traceparent"));
  CAF_CHECK(!header_of(calls.at(1).at(0), "tracestate"));
}

CAF_TEST(failures of the intake have their status) {
  const std::vector<std::pair<failure, int>> table = {
      {{ec::overloaded, "window: expected room, got none", std::chrono::seconds(3)}, 503},
      {{ec::unavailable, "broker: expected an answer, got none", {}}, 503},
      {{ec::shutting_down, "process: expected to serve, got a shutdown", {}}, 503},
      {{ec::outcome_unknown, "broker: expected an answer, got none", {}}, 504},
      {{ec::invalid, "record: expected fewer bytes, got more", {}}, 422},
      {{ec::broken, "client: fatal", {}}, 500},
  };
  for (const auto& [why, status] : table) {
    server_fixture fix;
    fix.intake.fail_all(why);
    const auto got = ask_once(fix, post(valid_review));
    CAF_CHECK_EQUAL(got.status, status);
    CAF_CHECK_EQUAL(text_at(json_of(got), "/detail"), why.detail);
    CAF_CHECK_EQUAL(got.header("Retry-After"), status != 503 ? "" : why.code == ec::overloaded ? "3" : "1");
    CAF_CHECK(fix.shows_metric("reviews_rejected_total{reason=\"" +
                               std::string(to_string(kind_of(why.code))) + "\"} 1"));
  }
}

CAF_TEST(durations are measured by route and status) {
  server_fixture fix;
  CAF_CHECK(fix.shows_metric(
      "http_request_method=\"POST\",http_response_status_code=\"202\",http_route=\"/v1/reviews\"} 0"));

  ask_once(fix, post(valid_review));

  CAF_CHECK(eventually([&] {
    return fix.shows_metric(
        "http_server_request_duration_seconds_count{http_request_method=\"POST\",http_response_"
        "status_code=\"202\",http_route=\"/v1/reviews\"} 1");
  }));
}
