#pragma once

#include "actors/model/failure.hpp"
#include "http/endpoint.hpp"
#include "http/http_metrics.hpp"
#include "http/router.hpp"

#include <initializer_list>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace reviews {

/// The problem of a read that failed. What the database said stays in the log:
/// it may name hosts and roles.
void write_read_problem(http_response& out, const failure& why, std::string_view instance);

/// What the endpoints that read have in common: JSON or 406, and 503 when the
/// database does not answer in time. They go on serving while the process drains.
class read_endpoint : public endpoint {
public:
  std::optional<body_terms> examine(const http_request& head, http_response& out) override;
  failure late() const override;
};

/// The answer to one read: a problem, or what `Write` makes of what was found.
template <class T, class Write>
class read_job : public response_job {
public:
  read_job(outcome<T> got, Write write) : got_(std::move(got)), write_(std::move(write)) {}

  void write(const http_request& request, http_response& out) override {
    if (got_)
      write_(*got_, request, out);
    else
      write_read_problem(out, got_.error(), request.request_id);
  }

private:
  outcome<T> got_;
  Write write_;
};

/// The callback that answers through `back` by `write(found, request, response)`,
/// which runs on the session's strand.
template <class T, class Write>
auto answer_by(const reply& back, Write write) {
  return [back, write = std::move(write)](outcome<T> got) {
    back.send(std::make_shared<read_job<T, Write>>(std::move(got), write));
  };
}

/// Whether the request's `vendor_id` keeps the contract's rule; if not, `out` is the 422 that says so.
bool has_vendor_id(const http_request& request, http_response& out);

/// Serves `target` at GET, and makes its durations visible before the first request.
/// @param metrics May be null.
void add_read(router& routes, std::string_view pattern, std::unique_ptr<endpoint> target,
              http_metrics* metrics, std::initializer_list<unsigned> statuses);

} // namespace reviews
