#define CAF_SUITE review_batch

#include "http/review_batch.hpp"

#include "tests/http/server_fixture.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::test;

namespace {

std::string review_of(std::string_view vendor, int rating = 4) {
  return R"({"vendor_id":")" + std::string(vendor) + R"(","author":"Ann","rating":)" +
         std::to_string(rating) + "}";
}

wire_response ask_once(server_fixture& fix, const std::string& request) {
  return fix.connect().ask(request);
}

std::int64_t status_at(const boost::json::value& body, std::size_t line) {
  const auto& status = body.at("results").at(line).at("status");
  return status.is_int64() ? status.as_int64() : 202;
}

} // namespace

CAF_TEST(a batch all acknowledged is 202 with its receipts in order) {
  server_fixture fix;

  const auto got =
      ask_once(fix, post_batch(review_of("a") + "\n" + review_of("b") + "\r\n" + review_of("a") + "\n"));

  const auto body = json_of(got);
  CAF_CHECK_EQUAL(got.status, 202);
  CAF_CHECK_EQUAL(got.header("Content-Type"), "application/json");
  CAF_CHECK_EQUAL(number_at(body, "/accepted"), 3);
  CAF_CHECK_EQUAL(number_at(body, "/rejected"), 0);
  CAF_CHECK_EQUAL(text_at(body, "/results/0/vendor_id"), "a");
  CAF_CHECK_EQUAL(text_at(body, "/results/1/vendor_id"), "b");
  CAF_CHECK_EQUAL(text_at(body, "/results/2/status"), "accepted");
  CAF_CHECK_EQUAL(number_at(body, "/results/2/offset"), 102);
  const auto calls = fix.intake.calls();
  CAF_REQUIRE_EQUAL(calls.size(), 1u);
  CAF_REQUIRE_EQUAL(calls[0].size(), 3u);
  CAF_CHECK_EQUAL(calls[0][1].key.value(), "b");
  CAF_CHECK_EQUAL(calls[0][2].key.value(), "a");
}

CAF_TEST(a mixed batch is 207 and tells each line apart) {
  server_fixture fix;
  fix.intake.fail_by([](const record& r) {
    return r.key == "full" ? std::optional(failure{ec::overloaded, "window: expected room, got none", {}})
                           : std::nullopt;
  });
  const auto bad_utf8 = "{\"vendor_id\":\"\xff\"}";

  const auto got = ask_once(fix, post_batch(review_of("a") + "\n{\n" + review_of("b", 9) + "\n" + bad_utf8 +
                                            "\n\n" + review_of("full") + "\n" + review_of("c")));

  const auto body = json_of(got);
  CAF_CHECK_EQUAL(got.status, 207);
  CAF_CHECK_EQUAL(number_at(body, "/accepted"), 2);
  CAF_CHECK_EQUAL(number_at(body, "/rejected"), 5);
  const std::vector<std::int64_t> expected = {202, 400, 422, 400, 400, 503, 202};
  for (std::size_t i = 0; i < expected.size(); ++i)
    CAF_CHECK_EQUAL(status_at(body, i), expected[i]);
  CAF_CHECK_EQUAL(text_at(body, "/results/2/errors/0/pointer"), "/rating");
  CAF_CHECK_EQUAL(text_at(body, "/results/5/type"), "/problems/overloaded");
  CAF_CHECK_EQUAL(text_at(body, "/results/6/vendor_id"), "c");
  CAF_CHECK(fix.shows_metric("reviews_rejected_total{reason=\"not_json\"} 3"));
}

CAF_TEST(a batch of one fate has its status) {
  server_fixture fix;
  CAF_CHECK_EQUAL(ask_once(fix, post_batch("{\n" + review_of("a", 0))).status, 207);
  CAF_CHECK_EQUAL(ask_once(fix, post_batch("{\n{\n")).status, 400);
  CAF_CHECK_EQUAL(ask_once(fix, post_batch(review_of("a", 0) + "\n[]")).status, 422);
  CAF_CHECK(fix.intake.calls().empty());

  server_fixture full;
  full.intake.fail_all({ec::overloaded, "window: expected room, got none", std::chrono::seconds(2)});
  const auto got = ask_once(full, post_batch(review_of("a") + "\n" + review_of("b")));
  CAF_CHECK_EQUAL(got.status, 503);
  CAF_CHECK_EQUAL(got.header("Retry-After"), "2");
  CAF_CHECK_EQUAL(number_at(json_of(got), "/rejected"), 2);
}

CAF_TEST(keys of a batch go by the number of the line) {
  server_fixture fix;

  const auto got =
      ask_once(fix, post_batch(review_of("a") + "\n{\n" + review_of("b"), "Idempotency-Key: \"order\"\r\n"));

  const auto body = json_of(got);
  CAF_CHECK_EQUAL(text_at(body, "/results/0/review_id"), to_string(review_id_of_key("a", "order:0")));
  CAF_CHECK_EQUAL(text_at(body, "/results/2/review_id"), to_string(review_id_of_key("b", "order:2")));
}

CAF_TEST(a batch has one time of intake and ids of its own) {
  server_fixture fix;

  const auto body = json_of(ask_once(fix, post_batch(review_of("a") + "\n" + review_of("a"))));

  CAF_CHECK_EQUAL(text_at(body, "/results/0/created_at"), text_at(body, "/results/1/created_at"));
  CAF_CHECK(text_at(body, "/results/0/review_id") < text_at(body, "/results/1/review_id"));
}

CAF_TEST(a batch has limits) {
  auto params = server_fixture::quick();
  params.batch_reviews_max = 3;
  params.batch_bytes_max = 200'000;
  server_fixture fix(params);
  const auto line = review_of("a") + "\n";

  CAF_CHECK_EQUAL(ask_once(fix, post_batch(line + line + line)).status, 202);
  const auto many = ask_once(fix, post_batch(line + line + line + review_of("a")));
  CAF_CHECK_EQUAL(many.status, 413);
  CAF_CHECK_EQUAL(text_at(json_of(many), "/type"), "/problems/content-too-large");
  CAF_CHECK_EQUAL(ask_once(fix, post_batch(std::string(200'001, ' '))).status, 413);
  CAF_CHECK_EQUAL(ask_once(fix, post_batch("")).status, 400);
  const auto long_line = json_of(ask_once(fix, post_batch(line + std::string(65'537, ' '))));
  CAF_CHECK_EQUAL(status_at(long_line, 1), 413);
}

CAF_TEST(a large batch passes) {
  server_fixture fix;
  std::string body;
  for (int i = 0; i < 1'000; ++i)
    body += R"({"vendor_id":"v","author":"Ann","rating":5,"text":")" + std::string(3'000, 'x') + "\"}\n";

  const auto got = ask_once(fix, post_batch(body));

  CAF_CHECK_EQUAL(got.status, 202);
  CAF_CHECK_EQUAL(number_at(json_of(got), "/accepted"), 1'000);
}

CAF_TEST(lines are counted as they are read) {
  CAF_CHECK_EQUAL(review_batch_job::count_lines(""), 0u);
  CAF_CHECK_EQUAL(review_batch_job::count_lines("a"), 1u);
  CAF_CHECK_EQUAL(review_batch_job::count_lines("a\n"), 1u);
  CAF_CHECK_EQUAL(review_batch_job::count_lines("a\n\n"), 2u);
  CAF_CHECK_EQUAL(review_batch_job::count_lines("\n"), 1u);
}
