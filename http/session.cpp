#include "http/session.hpp"

#include "actors/model/log.hpp"
#include "actors/model/review_id.hpp"

#include <exception>
#include <limits>
#include <utility>

namespace reviews {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

constexpr auto no_deadline = std::numeric_limits<std::int64_t>::max();
// More than a head and a batch with its read-ahead; flat_buffer throws beyond.
constexpr std::size_t buffer_slack = 256 * 1024;

std::int64_t ticks_of(clock::time_point when) noexcept {
  return when.time_since_epoch().count();
}

void write_internal_problem(const http_request& request, http_response& out, const char* why) {
  log::error("endpoint_failed", {{"request_id", request.request_id}, {"reason", why}});
  out.clear();
  write_problem(out, problem_kind::internal, "answer: expected one, got an error of ours",
                request.request_id);
}

} // namespace

session::session(net_socket socket, std::shared_ptr<server_state> shared, bool is_surplus)
    : socket_(std::move(socket)), shared_(std::move(shared)), is_surplus_(is_surplus), deadline_(no_deadline),
      idle_for_(std::min(shared_->params.idle_timeout, shared_->params.header_timeout)),
      buffer_(shared_->params.batch_bytes_max + shared_->params.body_bytes_max + buffer_slack),
      arena_(arena_bytes_.data(), arena_bytes_.size()) {
  place_ = shared_->sessions.add(*this);
  if (shared_->metrics)
    shared_->metrics->connection_opened();
}

session::~session() {
  end_request();
  let_go_of_body();
  let_go_of_answer();
  shared_->sessions.remove(place_);
  if (shared_->metrics)
    shared_->metrics->connection_closed();
}

void session::start() {
  asio::co_spawn(
      socket_.get_executor(), [self = shared_from_this()]() -> net_task<> { co_await self->run(); },
      asio::detached);
}

bool session::is_overdue(clock::time_point now) const noexcept {
  return deadline_.load(std::memory_order_relaxed) <= ticks_of(now);
}

void session::expire() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] { self->expire_now(); });
}

void session::stop() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    if (self->phase_ == phase::idle && self->buffer_.size() == 0)
      self->close_now();
    else
      self->end_stream();
  });
}

void session::drain() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] { self->end_stream(); });
}

void session::abandon() {
  if (!waiter_)
    return;
  const wake_handler dropped(std::move(*waiter_));
  waiter_.reset();
}

void session::deliver(std::uint64_t ticket, std::shared_ptr<response_job> job) {
  const auto& strand = socket_.get_executor();
  if (strand.running_in_this_thread())
    return take_answer(ticket, job);
  asio::defer(strand,
              [self = shared_from_this(), ticket, job = std::move(job)] { self->take_answer(ticket, job); });
}

net_task<> session::run() {
  boost::system::error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  for (bool goes_on = true; goes_on;) {
    const auto at = co_await read_head();
    if (at == step::gone)
      break;
    goes_on = co_await serve(at);
  }
  close_now();
}

net_task<bool> session::serve(step at) {
  if (at == step::go_on) {
    at = judge_head();
    if (at != step::go_on)
      co_await skip_body();
    else if (!take_body())
      at = co_await read_body();
  }
  if (at == step::go_on)
    at = unpack_body();
  if (at == step::go_on)
    at = run_endpoint();
  if (at == step::go_on)
    co_await answer_arrival(phase::answer,
                            terms_.timeout.count() > 0 ? terms_.timeout : shared_->params.request_timeout);
  bool is_written = false;
  if (at != step::gone) {
    frame_response();
    message_parts rest{head_out_, body_out()};
    is_written = write_some(rest);
    if (is_written && !rest.is_written())
      is_written = co_await write_rest(rest);
  }
  if (is_written)
    observe_request();
  if (is_streaming_ || !keep_alive_)
    let_go_of_body(); // what follows may last
  if (is_written && is_streaming_)
    is_written = co_await write_stream();
  end_request();
  if (is_written && !keep_alive_)
    co_await close_gently();
  co_return is_written&& keep_alive_;
}

net_task<> session::answer_arrival(phase what, std::chrono::milliseconds at_most) {
  wait_for(what, at_most);
  return asio::async_initiate<const net_token, void()>(
      [this](wake_handler handler) { waiter_.emplace(std::move(handler)); }, net_token{});
}

session::step session::run_endpoint() {
  is_waiting_ = true;
  ++ticket_;
  try {
    if (endpoint_->handle(request_, response_, reply(weak_from_this(), ticket_)) == endpoint::answer::now)
      is_waiting_ = false;
  } catch (const std::exception& error) {
    is_waiting_ = false;
    write_internal_problem(request_, response_, error.what());
  }
  return is_waiting_ ? step::go_on : step::answered;
}

void session::take_answer(std::uint64_t ticket, const std::shared_ptr<response_job>& job) {
  if (!is_waiting_ || ticket != ticket_)
    return;
  is_waiting_ = false;
  if (phase_ == phase::stream)
    return wake();
  response_.clear();
  try {
    job->write(request_, response_);
  } catch (const std::exception& error) {
    write_internal_problem(request_, response_, error.what());
  }
  wake();
}

void session::expire_now() {
  if (!is_overdue(clock::now()))
    return;
  deadline_.store(no_deadline, std::memory_order_relaxed);
  switch (phase_) {
  case phase::header:
  case phase::body: {
    is_timed_out_ = true;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
    return;
  }
  case phase::answer:
    if (!is_waiting_)
      return;
    is_waiting_ = false;
    response_.clear();
    write_problem(response_, endpoint_->late(), request_.request_id);
    endpoint_->on_refused(kind_of(endpoint_->late().code));
    wake();
    return;
  case phase::stream: is_waiting_ = false; return wake();
  case phase::idle:
  case phase::writing:
  case phase::closing: close_now(); return;
  }
}

// The last step of whoever calls it: the coroutine goes on inside.
void session::wake() {
  if (!waiter_)
    return;
  wake_handler handler(std::move(*waiter_));
  waiter_.reset();
  std::move(handler)();
}

void session::begin_request() {
  is_active_ = true;
  began_at_ = clock::now();
  request_id_ = "urn:uuid:";
  append_to(request_id_, make_review_id(now_utc()));
  request_.request_id = request_id_;
  shared_->active_requests.fetch_add(1, std::memory_order_relaxed);
  // Counted first, so that a drain that begins now does not overlook it.
  shared_->admitted_requests.fetch_add(1);
  is_admitted_ = !shared_->is_draining.load();
  if (!is_admitted_)
    shared_->admitted_requests.fetch_sub(1);
  if (shared_->metrics)
    shared_->metrics->request_began();
}

void session::observe_request() {
  if (shared_->metrics)
    shared_->metrics->observe(*shared_->meter_of(route_), request_.method, response_.status,
                              clock::now() - began_at_);
}

void session::end_request() {
  if (!is_active_)
    return;
  is_active_ = false;
  is_streaming_ = false;
  shared_->active_requests.fetch_sub(1, std::memory_order_relaxed);
  cease_to_be_admitted();
  if (shared_->metrics)
    shared_->metrics->request_ended();
}

void session::cease_to_be_admitted() {
  if (std::exchange(is_admitted_, false))
    shared_->admitted_requests.fetch_sub(1);
}

void session::wait_for(phase what, std::chrono::milliseconds at_most) {
  phase_ = what;
  deadline_.store(ticks_of(clock::now() + at_most), std::memory_order_relaxed);
}

} // namespace reviews
