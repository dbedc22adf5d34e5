#include "http/client.hpp"

#include <boost/asio.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace reviews {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds tick_period{100};

bool is_port(std::string_view text) noexcept {
  unsigned value = 0;
  const auto [end, err] = std::from_chars(text.data(), text.data() + text.size(), value);
  return err == std::errc() && end == text.data() + text.size() && value > 0 && value < 65'536;
}

std::chrono::seconds retry_after_of(std::string_view text) noexcept {
  std::int64_t seconds = 0;
  const auto [end, err] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (err != std::errc() || end != text.data() + text.size() || seconds < 0)
    return std::chrono::seconds(0);
  return std::chrono::seconds(std::min<std::int64_t>(seconds, 86'400));
}

/// The whole request, head and body, in one buffer: one system call sends it.
void write_request(std::string& out, const http_post& post, std::string_view authority) {
  out.clear();
  out.append("POST ").append(post.target).append(" HTTP/1.1\r\nHost: ").append(authority);
  out.append("\r\nContent-Type: ").append(post.content_type);
  if (!post.idempotency_key.empty())
    out.append("\r\nIdempotency-Key: \"").append(post.idempotency_key).append("\"");
  out.append("\r\nContent-Length: ").append(std::to_string(post.body.size())).append("\r\n\r\n");
  out.append(post.body);
}

class pool;

/// One kept-alive connection with at most one post under way.
class connection {
public:
  connection(pool& owner, asio::io_context& loop) : owner_(owner), stream_(loop) {}

  http_post& post() noexcept { return post_; }
  void start();
  void close();

private:
  using parser = beast::http::response_parser<beast::http::string_body>;

  void connect();
  void send();
  void receive();
  void finish_exchange();
  void fail(ec code, const error_code& err);

  pool& owner_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<parser> parser_;
  std::string request_;
  http_post post_;
  bool is_open_ = false;
  bool is_reused_ = false; ///< This post travels on a connection that waited idle.
};

/// Hands posts to idle connections.
class pool {
public:
  pool(const http_origin& where, const http_client_params& how, http_post_source& source)
      : origin(where), params(how), source_(source), wake_(loop), tick_(loop) {}

  outcome<void> run();
  void done(connection& with, const outcome<http_answer>& answer);

  const http_origin& origin;
  const http_client_params& params;
  asio::io_context loop{1};
  tcp::resolver::results_type endpoints;

private:
  void dispatch();
  void wait_until(clock::time_point when);
  void wait_for_tick();
  void end();

  http_post_source& source_;
  asio::steady_timer wake_;
  asio::steady_timer tick_;
  std::vector<std::unique_ptr<connection>> connections_;
  std::vector<connection*> idle_;
  clock::time_point armed_for_{}; ///< When `wake_` rings; the epoch: not at all.
  bool is_finished_ = false;
};

void connection::start() {
  write_request(request_, post_, owner_.origin.authority);
  is_reused_ = is_open_;
  if (is_open_)
    send();
  else
    connect();
}

void connection::close() {
  is_open_ = false;
  error_code ignored;
  stream_.socket().close(ignored);
}

void connection::connect() {
  buffer_.clear();
  stream_.expires_after(owner_.params.connect_timeout);
  stream_.async_connect(owner_.endpoints, [this](const error_code& err, const tcp::endpoint&) {
    if (err)
      return fail(ec::unavailable, err);
    error_code ignored;
    stream_.socket().set_option(tcp::no_delay(true), ignored);
    is_open_ = true;
    send();
  });
}

void connection::send() {
  stream_.expires_after(owner_.params.request_timeout);
  asio::async_write(stream_, asio::buffer(request_), [this](const error_code& err, std::size_t) {
    // A server may answer and close before it has read everything: its answer counts.
    if (err && err != asio::error::broken_pipe && err != asio::error::connection_reset)
      return fail(ec::outcome_unknown, err);
    receive();
  });
}

void connection::receive() {
  parser_.emplace();
  parser_->body_limit(owner_.params.answer_bytes_max);
  beast::http::async_read(stream_, buffer_, *parser_, [this](const error_code& err, std::size_t) {
    if (!err)
      return finish_exchange();
    if (is_reused_ && !parser_->got_some() && err != beast::error::timeout) {
      close();
      is_reused_ = false;
      return connect();
    }
    fail(ec::outcome_unknown, err);
  });
}

void connection::finish_exchange() {
  const auto& message = parser_->get();
  if (!message.keep_alive())
    close();
  http_answer answer;
  answer.status = static_cast<int>(message.result_int());
  const auto after = message[beast::http::field::retry_after];
  answer.retry_after = retry_after_of({after.data(), after.size()});
  answer.body = message.body();
  owner_.done(*this, answer);
}

void connection::fail(ec code, const error_code& err) {
  close();
  owner_.done(*this, failure{code, "http: expected an answer, got " + err.message()});
}

outcome<void> pool::run() {
  error_code err;
  endpoints = tcp::resolver(loop).resolve(origin.host, origin.port, err);
  if (err)
    return failure{ec::unavailable, "host: expected a name that resolves, got " + err.message()};
  const auto count = std::max<std::size_t>(params.connections, 1);
  for (std::size_t i = 0; i < count; ++i) {
    connections_.push_back(std::make_unique<connection>(*this, loop));
    idle_.push_back(connections_.back().get());
  }
  wait_for_tick();
  asio::post(loop, [this] { dispatch(); });
  loop.run();
  return {};
}

void pool::done(connection& with, const outcome<http_answer>& answer) {
  idle_.push_back(&with);
  source_.answered(with.post().token, clock::now(), answer);
  dispatch();
}

void pool::dispatch() {
  while (!idle_.empty() && !is_finished_) {
    auto* free = idle_.back();
    const auto decided = source_.next(clock::now(), free->post());
    if (decided.what == http_post_source::verdict::wait)
      return wait_until(decided.until);
    if (decided.what == http_post_source::verdict::finished) {
      is_finished_ = true;
      break;
    }
    idle_.pop_back();
    free->start();
  }
  if (is_finished_ && idle_.size() == connections_.size())
    end();
}

void pool::wait_until(clock::time_point when) {
  if (when == clock::time_point::max() || when == armed_for_)
    return;
  armed_for_ = when;
  wake_.expires_at(when);
  wake_.async_wait([this](const error_code& err) {
    if (err)
      return;
    armed_for_ = {};
    dispatch();
  });
}

void pool::wait_for_tick() {
  tick_.expires_after(tick_period);
  tick_.async_wait([this](const error_code& err) {
    if (err)
      return;
    source_.tick(clock::now());
    wait_for_tick();
    dispatch();
  });
}

void pool::end() {
  wake_.cancel();
  tick_.cancel();
  for (auto& each : connections_)
    each->close();
}

} // namespace

outcome<http_origin> parse_http_origin(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  const failure wrong{ec::invalid, "url: expected http://host[:port], got something else"};
  if (url.substr(0, scheme.size()) != scheme)
    return wrong;
  url.remove_prefix(scheme.size());
  if (!url.empty() && url.back() == '/')
    url.remove_suffix(1);
  if (url.empty() || url.find_first_of("/?#@ \t\r\n") != url.npos)
    return wrong;
  http_origin result{"", "80", std::string(url)};
  const auto host_end = url.front() == '[' ? url.find(']') : url.find(':');
  if (url.front() == '[' && host_end == url.npos)
    return wrong;
  result.host = url.front() == '[' ? url.substr(1, host_end - 1) : url.substr(0, host_end);
  auto rest = host_end == url.npos ? std::string_view() : url.substr(host_end);
  if (!rest.empty() && rest.front() == ']')
    rest.remove_prefix(1);
  if (!rest.empty()) {
    if (rest.front() != ':' || !is_port(rest.substr(1)))
      return wrong;
    result.port = rest.substr(1);
  }
  return result.host.empty() ? outcome<http_origin>(wrong) : outcome<http_origin>(std::move(result));
}

outcome<void> post_all(const http_origin& where, const http_client_params& params, http_post_source& source) {
  return pool(where, params, source).run();
}

} // namespace reviews
