#define CAF_SUITE prefer_wait

#include "http/post_reviews.hpp"

#include "tests/fixtures/commit_samples.hpp"
#include "tests/http/server_fixture.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>

using namespace reviews;
using namespace reviews::test;

namespace {

/// Commits in the test's hands.
class fake_waits : public commit_waits {
public:
  struct asked {
    receipt where;
    review_id id;
    std::chrono::milliseconds at_most;
    answer then;
  };

  void wait(const receipt& where, const review_id& id, std::chrono::milliseconds at_most,
            answer then) override {
    const std::lock_guard lock(mutex_);
    asked_.push_back({where, id, at_most, std::move(then)});
  }

  std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return asked_.size();
  }
  asked at(std::size_t index) const {
    const std::lock_guard lock(mutex_);
    return asked_.at(index);
  }

private:
  mutable std::mutex mutex_;
  std::vector<asked> asked_;
};

const timestamp consumed_at{std::chrono::microseconds(1'795'368'504'000'123)};

commit_story stored_story() {
  const auto told = parse_commit_notice(make_payload(make_sample_batch(98, 5, 3)));
  return {commit_story::fate::stored,
          std::make_shared<heard_commit>(heard_commit{*told, consumed_at + 5ms}),
          consumed_at,
          {}};
}

struct fixture {
  explicit fixture(http_params params = server_fixture::quick()) : server(params, routes_with(params)) {}

  router routes_with(const http_params& params) {
    router routes;
    add_post_reviews(routes, intake, params, nullptr, &waits);
    return routes;
  }

  /// Posts, and answers the wait with `story`.
  wire_response post_and_tell(const commit_story& story, const std::string& prefer = "wait=5") {
    auto client = server.connect();
    client.send(post(valid_review, "Prefer: " + prefer + "\r\n"));
    CAF_REQUIRE(eventually([&] { return waits.count() == 1; }));
    waits.at(0).then(story);
    return client.read();
  }

  fake_intake intake;
  fake_waits waits;
  server_fixture server;
};

} // namespace

CAF_TEST(a review that is stored in time is answered with its stages) {
  fixture fix;

  const auto got = fix.post_and_tell(stored_story());

  CAF_CHECK_EQUAL(got.status, 201);
  CAF_CHECK_EQUAL(got.header("Preference-Applied"), "wait=5");
  const auto body = json_of(got);
  CAF_CHECK_EQUAL(got.header("Location"), "/v1/reviews/" + text_at(body, "/review_id"));
  CAF_CHECK_EQUAL(text_at(body, "/vendor_id"), "acme");
  CAF_CHECK_EQUAL(text_at(body, "/status"), "stored");
  CAF_CHECK_EQUAL(number_at(body, "/partition"), 3);
  CAF_CHECK_EQUAL(number_at(body, "/offset"), 100);
  CAF_CHECK_EQUAL(text_at(body, "/stages/taken_in_at"), text_at(body, "/created_at"));
  CAF_CHECK(parse_rfc3339(text_at(body, "/stages/acknowledged_at")) >=
            parse_rfc3339(text_at(body, "/stages/taken_in_at")));
  CAF_CHECK_EQUAL(text_at(body, "/stages/consumed_at"), "2026-11-22T17:28:24.000123Z");
  CAF_CHECK_EQUAL(text_at(body, "/stages/committed_at"), "2026-11-22T17:28:24.005123Z");
  CAF_CHECK_EQUAL(text_at(body, "/consumer"), "host:7");
  CAF_CHECK_EQUAL(text_at(body, "/actor"), "consumer-1");
  CAF_CHECK_EQUAL(text_at(body, "/writer"), "writer-0");
  CAF_CHECK_EQUAL(number_at(body, "/batch/from_offset"), 98);
  CAF_CHECK_EQUAL(number_at(body, "/batch/next_offset"), 103);
  CAF_CHECK_EQUAL(number_at(body, "/batch/rows"), 5);
  const auto asked = fix.waits.at(0);
  CAF_CHECK_EQUAL(asked.where.partition, 3);
  CAF_CHECK_EQUAL(asked.where.offset, 100);
  CAF_CHECK_EQUAL(reviews::to_string(asked.id), text_at(body, "/review_id"));
  CAF_CHECK(asked.at_most > 4s && asked.at_most <= 5s);
}

CAF_TEST(the hour of consumption is null where nobody can say) {
  fixture fix;
  auto story = stored_story();
  story.consumed_at.reset();

  const auto got = fix.post_and_tell(story);

  CAF_CHECK_EQUAL(got.status, 201);
  CAF_CHECK(json_of(got).at("stages").at("consumed_at").is_null());
}

CAF_TEST(a review that was stored before is answered with what is stored) {
  fixture fix;
  commit_story story;
  story.what = commit_story::fate::duplicate;
  story.row = stored_review{make_sample_review(3), consumed_at, 5, 77};

  const auto got = fix.post_and_tell(story);

  CAF_CHECK_EQUAL(got.status, 200);
  CAF_CHECK_EQUAL(got.header("Preference-Applied"), "wait=5");
  const auto body = json_of(got);
  CAF_CHECK_EQUAL(text_at(body, "/review_id"), reviews::to_string(make_sample_review(3).id));
  CAF_CHECK_EQUAL(text_at(body, "/status"), "stored");
  CAF_CHECK(body.at("duplicate").as_bool());
  CAF_CHECK_EQUAL(number_at(body, "/partition"), 5);
  CAF_CHECK_EQUAL(number_at(body, "/offset"), 77);
  CAF_CHECK_EQUAL(text_at(body, "/stored_at"), "2026-11-22T17:28:24.000123Z");
}

CAF_TEST(a review whose commit is not known in time is accepted as ever) {
  fixture fix;

  const auto got = fix.post_and_tell({});

  CAF_CHECK_EQUAL(got.status, 202);
  CAF_CHECK_EQUAL(got.header("Preference-Applied"), "");
  CAF_CHECK_EQUAL(text_at(json_of(got), "/status"), "accepted");
}

CAF_TEST(a wait is shorter than the time for every request and a minute) {
  fixture fix; // 10 s for a request
  CAF_CHECK_EQUAL(fix.post_and_tell(stored_story(), "wait=60").header("Preference-Applied"), "wait=9");
  auto params = server_fixture::quick();
  params.request_timeout = 1h;
  fixture patient(params);

  CAF_CHECK_EQUAL(patient.post_and_tell(stored_story(), "wait=3600").header("Preference-Applied"), "wait=60");
}

CAF_TEST(without a preference or with a malformed one nobody waits) {
  fixture fix;
  auto client = fix.server.connect();

  for (const auto* headers : {"", "Prefer: wait\r\n", "Prefer: wait=0\r\n", "Prefer: respond-async\r\n"})
    CAF_CHECK_EQUAL(client.ask(post(valid_review, headers)).status, 202);

  CAF_CHECK_EQUAL(fix.waits.count(), 0u);
}

CAF_TEST(where a request must be answered within a second nobody waits) {
  auto params = server_fixture::quick();
  params.request_timeout = 1s;
  fixture fix(params);

  CAF_CHECK_EQUAL(fix.server.connect().ask(post(valid_review, "Prefer: wait=5\r\n")).status, 202);

  CAF_CHECK_EQUAL(fix.waits.count(), 0u);
}

CAF_TEST(a batch is not waited for) {
  fixture fix;

  const auto got = fix.server.connect().ask(post_batch(valid_review + "\n", "Prefer: wait=5\r\n"));

  CAF_CHECK_EQUAL(got.status, 202);
  CAF_CHECK_EQUAL(fix.waits.count(), 0u);
}

CAF_TEST(a review that the broker did not take is refused at once) {
  fixture fix;
  fix.intake.fail_all({ec::unavailable, "broker: away", {}});

  const auto got = fix.server.connect().ask(post(valid_review, "Prefer: wait=5\r\n"));

  CAF_CHECK_EQUAL(got.status, 503);
  CAF_CHECK_EQUAL(fix.waits.count(), 0u);
}
