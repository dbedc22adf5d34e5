#include "http/http_metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include <array>
#include <atomic>
#include <mutex>
#include <string>
#include <vector>

namespace reviews {

namespace {

constexpr unsigned status_min = 100;
constexpr std::size_t status_count = 500;

// The buckets OpenTelemetry's HTTP conventions advise, and two below for a path this short.
prometheus::Histogram::BucketBoundaries duration_buckets() {
  return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10};
}

} // namespace

class route_meter {
public:
  using slots = std::array<std::atomic<prometheus::Histogram*>, status_count>;

  explicit route_meter(std::string_view pattern) : pattern(pattern) {}

  std::string pattern;
  std::array<std::atomic<slots*>, http_method_count> by_method{};
  std::array<std::unique_ptr<slots>, http_method_count> owned;
};

class http_metrics::impl {
public:
  explicit impl(prometheus::Registry& registry);

  prometheus::Histogram& child(route_meter& route, http_method method, unsigned status);

  prometheus::Family<prometheus::Histogram>& durations;
  prometheus::Gauge& active;
  prometheus::Gauge& connections;
  prometheus::Gauge& bodies_bytes;
  prometheus::Gauge& answers_bytes;
  prometheus::Counter& connections_rejected;
  std::array<prometheus::Counter*, problem_kind_count> rejected{};
  std::mutex mutex;
  std::vector<std::unique_ptr<route_meter>> routes;
};

http_metrics::impl::impl(prometheus::Registry& registry)
    : durations(prometheus::BuildHistogram()
                    .Name("http_server_request_duration_seconds")
                    .Help("From the end of a request's head to the end of its response, of a stream's head.")
                    .Register(registry)),
      active(prometheus::BuildGauge()
                 .Name("http_server_active_requests")
                 .Help("Requests whose head has come and whose response has not gone.")
                 .Register(registry)
                 .Add({})),
      connections(prometheus::BuildGauge()
                      .Name("http_server_connections")
                      .Help("Open connections.")
                      .Register(registry)
                      .Add({})),
      bodies_bytes(prometheus::BuildGauge()
                       .Name("http_server_bodies_bytes")
                       .Help("Bytes of request bodies on their way, as announced, or unpacked.")
                       .Register(registry)
                       .Add({})),
      answers_bytes(prometheus::BuildGauge()
                        .Name("http_server_answers_bytes")
                        .Help("Bytes of answers that their clients have not taken yet.")
                        .Register(registry)
                        .Add({})),
      connections_rejected(prometheus::BuildCounter()
                               .Name("http_server_connections_rejected_total")
                               .Help("Connections beyond the limit, answered 503.")
                               .Register(registry)
                               .Add({})) {
  auto& family = prometheus::BuildCounter()
                     .Name("reviews_rejected_total")
                     .Help("Reviews not taken in, by reason.")
                     .Register(registry);
  for (std::size_t i = 0; i < problem_kind_count; ++i)
    rejected[i] = &family.Add({{"reason", std::string(to_string(static_cast<problem_kind>(i)))}});
}

prometheus::Histogram& http_metrics::impl::child(route_meter& route, http_method method, unsigned status) {
  const auto m = static_cast<std::size_t>(method);
  const std::size_t s =
      status < status_min || status >= status_min + status_count ? 400 : status - status_min;
  if (auto* known = route.by_method[m].load(std::memory_order_acquire))
    if (auto* histogram = (*known)[s].load(std::memory_order_acquire))
      return *histogram;

  const std::lock_guard lock(mutex);
  if (!route.owned[m]) {
    route.owned[m] = std::make_unique<route_meter::slots>();
    route.by_method[m].store(route.owned[m].get(), std::memory_order_release);
  }
  auto& histogram = durations.Add({{"http_request_method", std::string(to_string(method))},
                                   {"http_route", route.pattern},
                                   {"http_response_status_code", std::to_string(s + status_min)}},
                                  duration_buckets());
  (*route.owned[m])[s].store(&histogram, std::memory_order_release);
  return histogram;
}

http_metrics::http_metrics(prometheus::Registry& registry) : impl_(std::make_unique<impl>(registry)) {}

http_metrics::~http_metrics() = default;

route_meter& http_metrics::route(std::string_view pattern) {
  const std::lock_guard lock(impl_->mutex);
  for (auto& known : impl_->routes)
    if (known->pattern == pattern)
      return *known;
  return *impl_->routes.emplace_back(std::make_unique<route_meter>(pattern));
}

void http_metrics::prepare(route_meter& route, http_method method, unsigned status) {
  static_cast<void>(impl_->child(route, method, status));
}

void http_metrics::observe(route_meter& route, http_method method, unsigned status,
                           std::chrono::nanoseconds duration) {
  impl_->child(route, method, status).Observe(std::chrono::duration<double>(duration).count());
}

void http_metrics::request_began() noexcept {
  impl_->active.Increment();
}

void http_metrics::request_ended() noexcept {
  impl_->active.Decrement();
}

void http_metrics::connection_opened() noexcept {
  impl_->connections.Increment();
}

void http_metrics::connection_closed() noexcept {
  impl_->connections.Decrement();
}

void http_metrics::set_answers_bytes(std::size_t bytes) noexcept {
  impl_->answers_bytes.Set(static_cast<double>(bytes));
}

void http_metrics::set_bodies_bytes(std::size_t bytes) noexcept {
  impl_->bodies_bytes.Set(static_cast<double>(bytes));
}

void http_metrics::connection_rejected() noexcept {
  impl_->connections_rejected.Increment();
}

void http_metrics::review_rejected(problem_kind why, std::size_t count) noexcept {
  impl_->rejected[static_cast<std::size_t>(why)]->Increment(static_cast<double>(count));
}

} // namespace reviews
