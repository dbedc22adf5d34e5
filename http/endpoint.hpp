#pragma once

#include "actors/model/failure.hpp"
#include "http/message.hpp"
#include "http/problem.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace reviews {

/// A late answer in the making: filled on any thread, written by the session.
class response_job {
public:
  virtual ~response_job() = default;

  /// Fills `out` (empty, 200). Runs on the session's strand, only while the
  /// request still waits, so `request` is the one this job answers.
  virtual void write(const http_request& request, http_response& out) = 0;
};

/// Takes the answers of a session's requests.
class reply_sink {
public:
  virtual ~reply_sink() = default;
  virtual void deliver(std::uint64_t ticket, std::shared_ptr<response_job> job) = 0;
};

/// The way back to one waiting request. Copyable, thread-safe, may outlive the
/// connection and keeps nothing of it alive: the first answer counts, and one
/// that comes after the request's deadline or its client's departure is dropped.
/// Send none once the server's `io_context` is gone.
class reply {
public:
  reply(std::weak_ptr<reply_sink> sink, std::uint64_t ticket) : sink_(std::move(sink)), ticket_(ticket) {}

  void send(std::shared_ptr<response_job> job) const {
    if (const auto waiting = sink_.lock())
      waiting->deliver(ticket_, std::move(job));
  }

private:
  std::weak_ptr<reply_sink> sink_;
  std::uint64_t ticket_;
};

/// A body that comes piece by piece and may never end, such as Server-Sent
/// Events. Set as `http_response::stream`; called on the session's strand. Ends
/// with the client, when the server drains or stops, or when it says so.
class response_stream {
public:
  virtual ~response_stream() = default;

  /// Moves what is ready to the end of `out` (empty); never blocks. With nothing
  /// ready it keeps `wake` and calls `wake.send(nullptr)` when there is; it is
  /// asked again after a second in any case. Returns false when all is said.
  /// What waits for a slow client is the stream's own, so it needs a bound.
  virtual bool take(std::string& out, const reply& wake) = 0;
};

/// What an endpoint grants a request after having seen its head.
struct body_terms {
  std::size_t bytes_max = 65'536;       ///< Of the body, unpacked as well; more is 413.
  bool is_required = false;             ///< Neither Content-Length nor chunked: 411.
  std::chrono::milliseconds timeout{0}; ///< End of body to answer; 0: the server's.
};

/// One method of one route. Called by many sessions at once, each on its own
/// strand: an endpoint keeps no state without protecting it.
class endpoint {
public:
  enum class answer : std::uint8_t { now, later };

  virtual ~endpoint() = default;

  /// Judges the head before the body is read. Nothing: refused, `out` says why.
  virtual std::optional<body_terms> examine(const http_request& head, http_response& out) {
    return body_terms{};
  }

  /// Answers at once by filling `out`, or `later` through a copy of `back`.
  virtual answer handle(const http_request& request, http_response& out, const reply& back) = 0;

  /// What the client is told when `back` was not used in time.
  virtual failure late() const {
    return {ec::outcome_unknown, "answer: expected in time, got none yet; the outcome is unknown", {}};
  }

  /// The session itself refused a request to this endpoint, for the endpoint's metric.
  virtual void on_refused(problem_kind why) {}
};

} // namespace reviews
