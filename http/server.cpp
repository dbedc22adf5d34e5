#include "http/server.hpp"

#include "actors/model/log.hpp"
#include "http/net.hpp"
#include "http/session.hpp"

#include <algorithm>
#include <array>

namespace reviews {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {

using net_acceptor = asio::basic_socket_acceptor<tcp, net_executor>;
using net_timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                             asio::wait_traits<std::chrono::steady_clock>, net_executor>;

constexpr std::size_t surplus_max = 64;
constexpr std::chrono::milliseconds accept_pause{50};
constexpr std::chrono::milliseconds sweep_min{10};
constexpr std::chrono::milliseconds sweep_max{100};

// Deadlines are kept to a tenth, and to a tenth of a second where that is less.
std::chrono::milliseconds sweep_interval(const http_params& params) {
  const auto shortest =
      std::min({params.header_timeout, params.body_timeout, params.idle_timeout, params.request_timeout});
  return std::clamp(shortest / 10, sweep_min, sweep_max);
}

} // namespace

class http_server::impl : public std::enable_shared_from_this<impl> {
public:
  impl(asio::io_context& io, http_params params, router routes, http_metrics* metrics, std::string table)
      : state(std::make_shared<server_state>(std::move(params), std::move(routes), metrics)), io_(io),
        strand_(asio::make_strand(io.get_executor())), acceptor_(strand_), pause_(strand_), sweep_(strand_),
        table_(std::move(table)) {}

  outcome<void> start();
  void begin_drain();
  void stop();
  void abandon();

  const std::shared_ptr<server_state> state;
  std::uint16_t port = 0;

private:
  outcome<tcp::endpoint> find_address() const;
  failure refused(std::string_view key, std::string_view expected, const std::string& got) const;
  net_task<> accept_connections();
  net_task<> accept_one();
  net_task<> sweep_deadlines();

  asio::io_context& io_;
  net_executor strand_;
  net_acceptor acceptor_;
  net_timer pause_;
  net_timer sweep_;
  std::string table_;
};

failure http_server::impl::refused(std::string_view key, std::string_view expected,
                                   const std::string& got) const {
  return {ec::refused,
          table_ + "." + std::string(key) + ": expected " + std::string(expected) + ", got " + got,
          {}};
}

outcome<tcp::endpoint> http_server::impl::find_address() const {
  error_code failed;
  const auto address = asio::ip::make_address(state->params.host, failed);
  if (!failed)
    return tcp::endpoint(address, state->params.port);
  tcp::resolver resolver(io_);
  const auto found = resolver.resolve(state->params.host, std::to_string(state->params.port), failed);
  if (failed || found.empty())
    return refused("host", "an address or a name of this machine", state->params.host);
  return found.begin()->endpoint();
}

outcome<void> http_server::impl::start() {
  const auto where = find_address();
  if (!where)
    return where.error();
  error_code failed;
  acceptor_.open(where->protocol(), failed);
  if (failed)
    return refused("host", "an address of this machine", state->params.host);
  acceptor_.set_option(net_acceptor::reuse_address(true), failed);
  if (where->address().is_v6())
    acceptor_.set_option(asio::ip::v6_only(false), failed);
  acceptor_.bind(*where, failed);
  if (!failed)
    acceptor_.listen(asio::socket_base::max_listen_connections, failed);
  const auto wanted = std::to_string(where->port());
  if (failed == asio::error::address_in_use)
    return refused("port", "a free port", wanted + " in use");
  if (failed == asio::error::access_denied)
    return refused("port", "a port that this user may listen on", wanted);
  if (failed)
    return refused("host", "an address of this machine", state->params.host);
  port = acceptor_.local_endpoint(failed).port();
  for (const auto& each : state->routes.routes())
    log::debug("route_served", {{"port", port}, {"route", each->pattern()}, {"allow", each->allow(false)}});
  asio::co_spawn(
      strand_, [self = shared_from_this()]() -> net_task<> { co_await self->accept_connections(); },
      asio::detached);
  asio::co_spawn(
      strand_, [self = shared_from_this()]() -> net_task<> { co_await self->sweep_deadlines(); },
      asio::detached);
  return {};
}

void http_server::impl::begin_drain() {
  state->is_draining = true;
  state->sessions.for_each([](const session&) { return true; }, [](session& s) { s.drain(); });
}

void http_server::impl::stop() {
  state->is_stopping = true;
  asio::post(strand_, [self = shared_from_this()] {
    error_code ignored;
    self->acceptor_.close(ignored);
    self->pause_.cancel();
  });
  state->sessions.for_each([](const session&) { return true; }, [](session& s) { s.stop(); });
}

void http_server::impl::abandon() {
  state->is_stopping = true;
  state->sessions.for_each([](const session&) { return true; }, [](session& s) { s.abandon(); });
  state->metrics = nullptr;
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  sweep_.cancel();
}

net_task<> http_server::impl::accept_connections() {
  while (!state->is_stopping && acceptor_.is_open())
    co_await accept_one();
}

net_task<> http_server::impl::accept_one() {
  error_code failed;
  const auto limit = state->params.connections_max;
  if (state->sessions.size() >= limit + surplus_max) {
    pause_.expires_after(accept_pause);
    co_return co_await pause_.async_wait(asio::redirect_error(net_token{}, failed));
  }
  net_socket socket(asio::make_strand(io_.get_executor()));
  co_await acceptor_.async_accept(socket, asio::redirect_error(net_token{}, failed));
  if (state->is_stopping)
    co_return;
  if (failed == asio::error::connection_aborted)
    co_return;
  if (failed) {
    // Out of file descriptors, most likely: the connection waits in the backlog.
    log::warning("accept_failed", {{"reason", failed.message()}});
    pause_.expires_after(accept_pause * 4);
    co_return co_await pause_.async_wait(asio::redirect_error(net_token{}, failed));
  }
  const bool is_surplus = state->sessions.size() >= limit;
  if (is_surplus && state->metrics)
    state->metrics->connection_rejected();
  // Not make_shared: a forgotten `reply` would keep the whole session's memory.
  std::shared_ptr<session>(new session(std::move(socket), state, is_surplus))->start();
}

net_task<> http_server::impl::sweep_deadlines() {
  const auto interval = sweep_interval(state->params);
  while (!state->is_stopping || state->sessions.size() > 0) {
    error_code failed;
    sweep_.expires_after(interval);
    co_await sweep_.async_wait(asio::redirect_error(net_token{}, failed));
    const auto now = std::chrono::steady_clock::now();
    state->sessions.for_each([now](const session& s) { return s.is_overdue(now); },
                             [](session& s) { s.expire(); });
  }
}

http_server::http_server(asio::io_context& io, http_params params, router routes, http_metrics* metrics,
                         std::string table)
    : impl_(std::make_shared<impl>(io, std::move(params), std::move(routes), metrics, std::move(table))) {}

http_server::~http_server() {
  impl_->abandon();
}

outcome<void> http_server::start() {
  return impl_->start();
}

std::uint16_t http_server::port() const noexcept {
  return impl_->port;
}

void http_server::begin_drain() {
  impl_->begin_drain();
}

void http_server::stop() {
  impl_->stop();
}

void http_server::set_rate_limit(double per_second) {
  impl_->state->limiter.set_rate(per_second);
}

std::size_t http_server::active_requests() const noexcept {
  return impl_->state->active_requests.load(std::memory_order_relaxed);
}

std::size_t http_server::admitted_requests() const noexcept {
  return impl_->state->admitted_requests.load();
}

std::size_t http_server::connections() const noexcept {
  return impl_->state->sessions.size();
}

} // namespace reviews
