#include "http/management.hpp"

#include "actors/model/review_json.hpp"

#include <utility>

namespace reviews {

namespace {

constexpr std::chrono::milliseconds actors_timeout{1'000};

// What the actors said of themselves, or, for liveness, that they did.
class actors_job : public response_job {
public:
  actors_job(std::string json, bool is_shown) : json_(std::move(json)), is_shown_(is_shown) {}

  void write(const http_request&, http_response& out) override {
    out.body = is_shown_ ? std::move(json_) : R"({"status":"alive"})";
  }

private:
  std::string json_;
  bool is_shown_;
};

class actors_endpoint : public endpoint {
public:
  actors_endpoint(std::function<void(std::function<void(std::string)>)> describe, bool is_shown)
      : describe_(std::move(describe)), is_shown_(is_shown) {}

  std::optional<body_terms> examine(const http_request&, http_response&) override {
    return body_terms{.timeout = actors_timeout};
  }

  answer handle(const http_request&, http_response&, const reply& back) override {
    describe_([back, is_shown = is_shown_](std::string json) {
      back.send(std::make_shared<actors_job>(std::move(json), is_shown));
    });
    return answer::later;
  }

  failure late() const override {
    return {ec::unavailable, "actors: expected an answer within 1 s, got none", {}};
  }

private:
  std::function<void(std::function<void(std::string)>)> describe_;
  bool is_shown_;
};

class readiness_endpoint : public endpoint {
public:
  explicit readiness_endpoint(std::function<readiness_report()> ask) : ask_(std::move(ask)) {}

  answer handle(const http_request&, http_response& out, const reply&) override {
    const auto report = ask_();
    out.status = report.is_ready ? 200 : 503;
    out.body = report.is_ready ? R"({"status":"ready")" : R"({"status":"not ready")";
    if (!report.reason.empty()) {
      out.body += R"(,"reason":)";
      append_json_string(out.body, report.reason);
    }
    out.body += "}";
    if (!report.is_ready)
      add_retry_after(out, std::chrono::seconds(1));
    return answer::now;
  }

private:
  std::function<readiness_report()> ask_;
};

class text_endpoint : public endpoint {
public:
  text_endpoint(std::function<std::string()> ask, std::string_view type)
      : ask_(std::move(ask)), type_(type) {}

  answer handle(const http_request&, http_response& out, const reply&) override {
    out.content_type = type_;
    out.body = ask_();
    return answer::now;
  }

private:
  std::function<std::string()> ask_;
  std::string_view type_;
};

} // namespace

void add_management(router& routes, management_sources sources) {
  const auto get = [&routes](std::string_view path, std::unique_ptr<endpoint> target) {
    routes.add(http_method::get, path, std::move(target));
  };
  get("/livez", std::make_unique<actors_endpoint>(sources.describe_actors, false));
  get("/actors", std::make_unique<actors_endpoint>(std::move(sources.describe_actors), true));
  get("/readyz", std::make_unique<readiness_endpoint>(std::move(sources.readiness)));
  get("/metrics", std::make_unique<text_endpoint>(std::move(sources.metrics_text),
                                                  "text/plain; version=0.0.4; charset=utf-8"));
  get("/config",
      std::make_unique<text_endpoint>(std::move(sources.config_text), "text/plain; charset=utf-8"));
}

} // namespace reviews
