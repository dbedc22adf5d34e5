#define CAF_SUITE load_run

#include "deploy/reviewctl/load_run.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::ctl;
using namespace std::chrono_literals;

namespace {

using verdict = http_post_source::verdict;

struct fixture {
  review_generator generator{1, 10};
  load_run::time_point start{1h};
  http_post post;

  load_run make(load_plan plan) { return {plan, generator, start}; }

  verdict next(load_run& uut, std::chrono::milliseconds after) { return uut.next(start + after, post).what; }

  void answer(load_run& uut, std::chrono::milliseconds after, int status, std::string_view body = {},
              std::chrono::seconds retry_after = 0s) {
    uut.answered(post.token, start + after, http_answer{status, retry_after, body});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(load_run_tests, fixture)

CAF_TEST(an open loop posts when a post is due and measures from then) {
  auto uut = make({.reviews = 3, .rate = 10});

  CAF_CHECK(next(uut, 0ms) == verdict::post);
  answer(uut, 5ms, 202);
  const auto pause = uut.next(start + 50ms, post);
  CAF_CHECK(pause.what == verdict::wait);
  CAF_CHECK(pause.until == start + 100ms);
  CAF_CHECK(next(uut, 350ms) == verdict::post); // was due at 100 ms
  answer(uut, 400ms, 202);

  CAF_CHECK_EQUAL(uut.latencies().max().count(), 300'000);
  CAF_CHECK_EQUAL(uut.counts().accepted, 2u);
}

CAF_TEST(a closed loop keeps to its concurrency) {
  auto uut = make({.reviews = 5, .concurrency = 2});

  CAF_CHECK(next(uut, 0ms) == verdict::post);
  CAF_CHECK(next(uut, 0ms) == verdict::post);
  CAF_CHECK(next(uut, 0ms) == verdict::wait);
  answer(uut, 1ms, 503);
  CAF_CHECK(next(uut, 1ms) == verdict::wait); // the one that waits keeps its place
  CAF_CHECK(next(uut, 200ms) == verdict::post);
  CAF_CHECK_EQUAL(uut.counts().retried, 1u);
}

CAF_TEST(a retry posts the same review after the time that the server names) {
  auto uut = make({.reviews = 1});
  CAF_CHECK(next(uut, 0ms) == verdict::post);
  const auto body = post.body;

  answer(uut, 10ms, 503, {}, 2s);

  CAF_CHECK(next(uut, 2'009ms) == verdict::wait);
  CAF_CHECK(next(uut, 2'010ms) == verdict::post);
  CAF_CHECK_EQUAL(post.body, body);
  answer(uut, 2'020ms, 202);
  CAF_CHECK(next(uut, 2'020ms) == verdict::finished);
  CAF_CHECK_EQUAL(uut.counts().sent, 1u);
  CAF_CHECK_EQUAL(uut.counts().accepted, 1u);
  CAF_CHECK_EQUAL(uut.latencies().max().count(), 2'020'000);
}

CAF_TEST(retries end and the review counts as rejected) {
  auto uut = make({.reviews = 1, .retries = 2});
  auto at = 0ms;

  for (int attempt = 0; attempt < 3; ++attempt, at += 10s) {
    CAF_CHECK(next(uut, at) == verdict::post);
    answer(uut, at, 504, "why");
  }

  CAF_CHECK(next(uut, at) == verdict::finished);
  CAF_CHECK_EQUAL(uut.counts().rejected.at(504), 1u);
  CAF_CHECK_EQUAL(uut.counts().examples.at(504), "why");
  CAF_CHECK_EQUAL(uut.counts().retried, 2u);
}

CAF_TEST(a lost connection is tried again and a refusal is not ) {
  auto uut = make({.reviews = 2});
  CAF_CHECK(next(uut, 0ms) == verdict::post);
  uut.answered(post.token, start, failure{ec::outcome_unknown, "lost"});
  CAF_CHECK(next(uut, 1ms) == verdict::post);
  answer(uut, 1ms, 422);

  CAF_CHECK(next(uut, 10s) == verdict::post);
  answer(uut, 10s, 202);

  CAF_CHECK_EQUAL(uut.counts().accepted, 1u);
  CAF_CHECK_EQUAL(uut.counts().rejected.at(422), 1u);
}

CAF_TEST(of a mixed batch only the lines that may still pass are sent again) {
  auto uut = make({.reviews = 4, .batch = 4});
  CAF_CHECK(next(uut, 0ms) == verdict::post);
  const auto body = post.body;
  CAF_CHECK_EQUAL(post.content_type, "application/x-ndjson");

  answer(uut, 1ms, 207,
         R"({"results":[{"status":"accepted"},{"status":503},{"status":503},{"status":422}]})");

  CAF_CHECK(next(uut, 10s) == verdict::post);
  CAF_CHECK_EQUAL(std::count(post.body.begin(), post.body.end(), '\n'), 2);
  CAF_CHECK(body.find(post.body) != std::string::npos);
  answer(uut, 10s, 202);
  CAF_CHECK_EQUAL(uut.counts().accepted, 3u);
  CAF_CHECK_EQUAL(uut.counts().rejected.at(422), 1u);
}

CAF_TEST(a mixed batch with a key is sent again as it was) {
  auto uut = make({.reviews = 2, .batch = 2, .with_keys = true});
  CAF_CHECK(next(uut, 0ms) == verdict::post);
  const auto body = post.body;
  const auto key = post.idempotency_key;
  CAF_CHECK(body.find("review_id") == std::string::npos);

  answer(uut, 1ms, 207, R"({"results":[{"status":"accepted"},{"status":503}]})");

  CAF_CHECK(next(uut, 10s) == verdict::post);
  CAF_CHECK_EQUAL(post.body, body);
  CAF_CHECK_EQUAL(post.idempotency_key, key);
  answer(uut, 10s, 202);
  CAF_CHECK_EQUAL(uut.counts().accepted, 2u);
}

CAF_TEST(an answer to a batch that cannot be read is a rejection) {
  auto uut = make({.reviews = 2, .batch = 2});
  CAF_CHECK(next(uut, 0ms) == verdict::post);

  answer(uut, 1ms, 207, R"({"results":[{"status":"accepted"}]})");

  CAF_CHECK_EQUAL(uut.counts().rejected.at(207), 2u);
  CAF_CHECK(next(uut, 1ms) == verdict::finished);
}

CAF_TEST(a stopped run ends although reviews are left) {
  auto uut = make({.reviews = 100});
  CAF_CHECK(next(uut, 0ms) == verdict::post);

  uut.stop();
  answer(uut, 1ms, 503);

  CAF_CHECK(next(uut, 10s) == verdict::finished);
  CAF_CHECK_EQUAL(uut.counts().rejected.at(503), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
