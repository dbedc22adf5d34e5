#include "http/post_reviews.hpp"

#include "http/media_type.hpp"
#include "http/prefer.hpp"
#include "http/request_fields.hpp"
#include "http/review_answer.hpp"
#include "http/review_batch.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace reviews {

namespace {

constexpr std::string_view accepted_types = "application/json, application/x-ndjson";

// One review on its way to the broker and back.
class single_job : public response_job,
                   public review_intake::recipient,
                   public std::enable_shared_from_this<single_job> {
public:
  single_job(taken_in what, http_metrics* metrics, const reply& back)
      : what_(std::move(what)), metrics_(metrics), back_(back) {}

  void take(review_intake::results got) override {
    if (!got.empty())
      result_ = std::move(got.front());
    else
      result_ = failure{ec::broken, "answer: expected one a review, got none", {}};
    acknowledged();
  }

  void write(const http_request& request, http_response& out) override {
    if (!result_) {
      const auto& why = result_.error();
      if (metrics_)
        metrics_->review_rejected(kind_of(why.code));
      return write_problem(out, why, request.request_id);
    }
    out.status = 202;
    out.headers += "Location: /v1/reviews/";
    append_to(out.headers, what_.id);
    out.headers += "\r\n";
    write_acknowledged(*result_, out);
  }

protected:
  /// The broker has answered.
  virtual void acknowledged() { send(); }

  virtual void write_acknowledged(const receipt& where, http_response& out) {
    append_receipt(out.body, what_, where);
  }

  void send() { back_.send(shared_from_this()); }

  const taken_in& what() const { return what_; }
  const outcome<receipt>& result() const { return result_; }

private:
  taken_in what_;
  http_metrics* metrics_;
  const reply back_;
  outcome<receipt> result_ = failure{ec::broken, {}, {}}; // until `take`
};

// One whose client would rather wait until it is stored (RFC 7240).
class waiting_job : public single_job {
public:
  waiting_job(taken_in what, http_metrics* metrics, const reply& back, commit_waits& waits,
              std::chrono::seconds at_most)
      : single_job(std::move(what), metrics, back), waits_(waits), at_most_(at_most),
        until_(std::chrono::steady_clock::now() + at_most) {}

protected:
  // Now for the commit.
  void acknowledged() override {
    acknowledged_at_ = now_utc();
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until_ - std::chrono::steady_clock::now());
    if (!result() || left.count() <= 0)
      return send();
    waits_.wait(*result(), what().id, left, [this, self = shared_from_this()](const commit_story& story) {
      story_ = story;
      send();
    });
  }

  void write_acknowledged(const receipt& where, http_response& out) override {
    if (story_.what == commit_story::fate::unknown)
      return single_job::write_acknowledged(where, out);
    out.status = story_.what == commit_story::fate::stored ? 201 : 200;
    out.add_header("Preference-Applied", "wait=" + std::to_string(at_most_.count()));
    append_stored(out.body, what(), {where, acknowledged_at_}, story_);
  }

private:
  commit_waits& waits_;
  std::chrono::seconds at_most_;
  std::chrono::steady_clock::time_point until_;
  timestamp acknowledged_at_{};
  commit_story story_;
};

class post_reviews : public endpoint {
public:
  post_reviews(review_intake& intake, const http_params& params, http_metrics* metrics, commit_waits* waits)
      : intake_(intake), params_(params), metrics_(metrics), waits_(waits) {}

  std::optional<body_terms> examine(const http_request& head, http_response& out) override;
  answer handle(const http_request& request, http_response& out, const reply& back) override;

  failure late() const override {
    return {ec::outcome_unknown,
            "acknowledgement: expected within " + std::to_string(params_.request_timeout.count()) +
                " ms, got none; the outcome is unknown, a retry with the same Idempotency-Key or review_id "
                "is safe",
            {}};
  }

  void on_refused(problem_kind why) override {
    if (metrics_)
      metrics_->review_rejected(why);
  }

private:
  answer refuse(const http_request& request, http_response& out, problem_kind why, std::string_view detail,
                const std::vector<violation>& errors = {});
  answer take_one(const http_request& request, std::string_view key, http_response& out, const reply& back);
  answer take_batch(const http_request& request, std::string_view key, http_response& out, const reply& back);

  std::chrono::seconds wait_for(const http_request& request) const;

  review_intake& intake_;
  const http_params params_;
  http_metrics* metrics_;
  commit_waits* waits_;
};

// Shorter than the time in which every request must be answered.
std::chrono::seconds post_reviews::wait_for(const http_request& request) const {
  constexpr std::chrono::seconds wait_max{60};
  constexpr std::chrono::milliseconds time_to_answer{500};
  const auto time_left = std::chrono::floor<std::chrono::seconds>(params_.request_timeout - time_to_answer);
  return waits_ ? std::min({preferred_wait(request), wait_max, time_left}) : std::chrono::seconds(0);
}

std::optional<body_terms> post_reviews::examine(const http_request& head, http_response& out) {
  if (head.is_draining) {
    on_refused(problem_kind::shutting_down);
    write_problem(out, {ec::shutting_down, "process: expected to serve, got a shutdown under way", {}},
                  head.request_id);
    return {};
  }
  const auto type = parse_media_type(head.header("Content-Type"));
  if (type == media_type::unsupported || head.header_count("Content-Type") != 1) {
    refuse(head, out, problem_kind::unsupported_media_type,
           "Content-Type: expected application/json or application/x-ndjson in UTF-8, got something else");
    out.add_header("Accept", accepted_types);
    out.add_header("Accept-Post", accepted_types);
    return {};
  }
  if (!admits(head, "application/json")) {
    refuse(head, out, problem_kind::not_acceptable,
           "Accept: expected it to admit application/json, got other types");
    return {};
  }
  if (const auto keys = head.header_count("Idempotency-Key"); keys > 0) {
    const auto key = parse_idempotency_key(head.header("Idempotency-Key"));
    if (keys > 1 || !key) {
      refuse(head, out, problem_kind::bad_request,
             keys > 1 ? "Idempotency-Key: expected one, got several" : std::string_view(key.error().detail));
      return {};
    }
  }
  return body_terms{type == media_type::json ? params_.body_bytes_max : params_.batch_bytes_max, true, {}};
}

endpoint::answer post_reviews::handle(const http_request& request, http_response& out, const reply& back) {
  std::string key;
  if (const auto sent = request.header("Idempotency-Key"); !sent.empty())
    key = parse_idempotency_key(sent).value();
  return parse_media_type(request.header("Content-Type")) == media_type::json
             ? take_one(request, key, out, back)
             : take_batch(request, key, out, back);
}

endpoint::answer post_reviews::refuse(const http_request& request, http_response& out, problem_kind why,
                                      std::string_view detail, const std::vector<violation>& errors) {
  on_refused(why);
  write_problem(out, why, detail, request.request_id, errors);
  return answer::now;
}

endpoint::answer post_reviews::take_one(const http_request& request, std::string_view key, http_response& out,
                                        const reply& back) {
  auto taken = take_in(request.body, key, now_utc());
  if (const auto* why = std::get_if<refusal>(&taken))
    return refuse(request, out, why->kind, why->detail, why->errors);
  const auto& what = std::get<review_view>(taken);
  review_intake::records records;
  records.push_back(make_review_record(what, trace_context_of(request)));
  taken_in known{what.id, std::string(what.vendor_id), what.created_at};
  if (const auto wait = wait_for(request); wait.count() > 0)
    intake_.publish(std::move(records),
                    std::make_shared<waiting_job>(std::move(known), metrics_, back, *waits_, wait));
  else
    intake_.publish(std::move(records), std::make_shared<single_job>(std::move(known), metrics_, back));
  return answer::later;
}

endpoint::answer post_reviews::take_batch(const http_request& request, std::string_view key,
                                          http_response& out, const reply& back) {
  const auto count = review_batch_job::count_lines(request.body);
  if (count > params_.batch_reviews_max)
    return refuse(request, out, problem_kind::content_too_large,
                  "batch: expected at most " + std::to_string(params_.batch_reviews_max) + " lines, got " +
                      std::to_string(count));
  if (count == 0)
    return refuse(request, out, problem_kind::not_json, "batch: expected at least one line, got none");
  auto job = std::make_shared<review_batch_job>(metrics_, back);
  auto records =
      job->take_lines(request.body, key, now_utc(), trace_context_of(request), params_.body_bytes_max);
  if (records.empty()) {
    job->write(request, out);
    return answer::now;
  }
  intake_.publish(std::move(records), std::move(job));
  return answer::later;
}

} // namespace

void add_post_reviews(router& routes, review_intake& intake, const http_params& params, http_metrics* metrics,
                      commit_waits* waits) {
  routes.add(http_method::post, "/v1/reviews",
             std::make_unique<post_reviews>(intake, params, metrics, waits));
  if (!metrics)
    return;
  auto& meter = metrics->route("/v1/reviews");
  for (const unsigned status : {200, 201, 202, 207, 400, 413, 415, 422, 429, 503, 504})
    metrics->prepare(meter, http_method::post, status);
}

} // namespace reviews
