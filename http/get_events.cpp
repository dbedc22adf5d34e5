#include "http/get_events.hpp"

#include "http/endpoint.hpp"
#include "http/media_type.hpp"
#include "http/problem.hpp"
#include "http/request_fields.hpp"

#include <memory>
#include <random>
#include <string>
#include <utility>

namespace reviews {

namespace {

/// How long a client waits before it comes back: each another time, or all who listened
/// to a process that ended would come to the next one at once.
std::string retry() {
  thread_local std::minstd_rand random(std::random_device{}());
  std::uniform_int_distribution<int> milliseconds(2'000, 5'000);
  return "retry: " + std::to_string(milliseconds(random)) + "\n\n";
}

/// The events as a listener takes them.
class event_stream : public response_stream {
public:
  event_stream(std::unique_ptr<ring_listener> listener, std::chrono::milliseconds heartbeat)
      : listener_(std::move(listener)), heartbeat_(heartbeat), spoke_at_(std::chrono::steady_clock::now()) {}

  bool take(std::string& out, const reply& wake) override {
    const bool goes_on = listener_->take(out, [wake] { wake.send(nullptr); });
    const auto now = std::chrono::steady_clock::now();
    if (goes_on && out.empty() && now - spoke_at_ >= heartbeat_)
      out = ": heartbeat\n\n";
    if (!out.empty())
      spoke_at_ = now;
    return goes_on;
  }

private:
  std::unique_ptr<ring_listener> listener_;
  std::chrono::milliseconds heartbeat_;
  std::chrono::steady_clock::time_point spoke_at_;
};

/// For HEAD: the head is that of a stream, and nobody listens.
class unheard_stream : public response_stream {
public:
  bool take(std::string&, const reply&) override { return false; }
};

class get_events : public endpoint {
public:
  get_events(event_source& source, std::chrono::milliseconds heartbeat)
      : source_(source), heartbeat_(heartbeat) {}

  std::optional<body_terms> examine(const http_request& head, http_response& out) override {
    if (head.is_draining) {
      write_problem(out, {ec::shutting_down, "process: expected to serve, got a shutdown under way", {}},
                    head.request_id);
      return {};
    }
    if (!admits(head, "text/event-stream")) {
      write_problem(out, problem_kind::not_acceptable,
                    "Accept: expected it to admit text/event-stream, got other types", head.request_id);
      return {};
    }
    return body_terms{};
  }

  answer handle(const http_request& request, http_response& out, const reply&) override {
    if (request.method == http_method::head) {
      out.stream = std::make_shared<unheard_stream>();
    } else {
      auto listener = source_.listen(parse_event_id(request.header("Last-Event-ID")));
      if (!listener) {
        write_problem(out, listener.error(), request.request_id);
        return answer::now;
      }
      out.stream = std::make_shared<event_stream>(std::move(*listener), heartbeat_);
      out.body = retry();
    }
    out.content_type = "text/event-stream";
    out.add_header("Cache-Control", "no-store");
    out.add_header("X-Accel-Buffering", "no"); // a proxy is to pass events on as they come
    return answer::now;
  }

private:
  event_source& source_;
  std::chrono::milliseconds heartbeat_;
};

} // namespace

void add_get_events(router& routes, event_source& source, std::chrono::milliseconds heartbeat,
                    http_metrics* metrics) {
  routes.add(http_method::get, "/v1/events", std::make_unique<get_events>(source, heartbeat));
  if (!metrics)
    return;
  auto& meter = metrics->route("/v1/events");
  for (const unsigned status : {200, 406, 503})
    metrics->prepare(meter, http_method::get, status);
}

} // namespace reviews
