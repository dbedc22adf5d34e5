#include "http/gzip.hpp"
#include "http/request_fields.hpp"
#include "http/session.hpp"

#include <algorithm>

namespace reviews {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr std::size_t head_read_bytes = 4'096;
constexpr std::size_t body_read_bytes = 65'536;
// Of a chunk's size line with its extensions, and of all trailers.
constexpr std::size_t chunk_head_bytes_max = 4'096;
// A body no longer than this is read and thrown away to save the connection.
constexpr std::size_t skip_bytes_max = 65'536;

bool has_bare_feed(std::string_view text) noexcept {
  for (auto feed = text.find('\n'); feed != text.npos; feed = text.find('\n', feed + 1))
    if (feed == 0 || text[feed - 1] != '\r')
      return true;
  return false;
}

} // namespace

net_task<session::step> session::read_head() {
  forget_request();
  wait_for(phase::idle, idle_for_);
  idle_for_ = shared_->params.idle_timeout;
  for (;;) {
    skip_empty_lines();
    if (!arrived().empty()) {
      const auto found = scanner_.scan(arrived());
      if (const auto* fault = std::get_if<head_fault>(&found)) {
        begin_request();
        co_return refuse_and_close(fault->kind, fault->detail);
      }
      if (const auto length = std::get<std::size_t>(found); length > 0)
        co_return parse_head(length);
      if (phase_ == phase::idle)
        wait_for(phase::header, shared_->params.header_timeout);
    } else if (shared_->is_stopping.load(std::memory_order_relaxed)) {
      co_return step::gone;
    }
    auto next = phase_ == phase::idle ? next_request() : next_bytes(head_read_bytes);
    const auto count = co_await std::move(next);
    if (receive(count))
      continue;
    if (!is_timed_out_)
      co_return step::gone;
    begin_request();
    co_return refuse_and_close(problem_kind::request_timeout, "head: expected its end in time, got none");
  }
}

session::step session::parse_head(std::size_t length) {
  begin_request();
  const auto head = arrived().substr(0, length);
  const auto judged = check_head(head);
  if (const auto* fault = std::get_if<head_fault>(&judged))
    return refuse_and_close(fault->kind, fault->detail);
  facts_ = std::get<head_facts>(judged);
  if (!fill_request(head))
    return refuse_and_close(problem_kind::bad_request, "head: expected an HTTP request, got something else");
  buffer_.consume(length);
  return step::go_on;
}

// Beast reads what check_head has found lawful: two readers must agree.
bool session::fill_request(std::string_view head) {
  parser_.emplace(std::piecewise_construct, std::make_tuple(), std::make_tuple(arena(&arena_)));
  parser_->header_limit(2 * head_limits::head_bytes_max);
  parser_->body_limit(boost::none);
  error_code failed;
  parser_->put(asio::buffer(head.data(), head.size()), failed);
  if ((failed && failed != http::error::need_more) || !parser_->is_header_done())
    return false;

  keep_alive_ = parser_->keep_alive();
  request_.method = parse_method(facts_.method);
  target_.assign(facts_.path).append(facts_.query);
  request_.path = std::string_view(target_).substr(0, facts_.path.size());
  request_.query = std::string_view(target_).substr(facts_.path.size());
  for (const auto& field : parser_->get()) {
    const auto name = field.name_string();
    const auto value = field.value();
    request_.fields.push_back({{name.data(), name.size()}, {value.data(), value.size()}});
  }
  if (const auto offered = request_.header("X-Request-Id"); is_sane_request_id(offered)) {
    request_id_ = offered;
    request_.request_id = request_id_;
  }
  return true;
}

void session::forget_request() {
  let_go_of_body();
  buffer_.consume(body_in_buffer_);
  body_in_buffer_ = 0;
  request_.method = http_method::other;
  request_.path = request_.query = request_.body = {};
  request_.is_draining = false;
  request_.fields.clear();
  request_.parameters.clear();
  parser_.reset();
  arena_.release();
  scanner_.reset();
  facts_ = {};
  terms_ = {};
  route_ = nullptr;
  endpoint_ = nullptr;
  keep_alive_ = true;
  response_.clear();
  shrink_buffers();
}

// RFC 9112, section 2.2.
void session::skip_empty_lines() {
  while (arrived().starts_with("\r\n"))
    buffer_.consume(2);
}

// Nearly always it came with its head.
bool session::take_body() {
  if (facts_.is_chunked)
    return false;
  const auto length = static_cast<std::size_t>(facts_.content_length.value_or(0));
  if (arrived().size() < length)
    return false;
  request_.body = arrived().substr(0, length);
  body_in_buffer_ = length;
  return true;
}

net_task<session::step> session::read_body() {
  const auto length = static_cast<std::size_t>(facts_.content_length.value_or(0));
  if (const auto at = hold_body(facts_.is_chunked ? terms_.bytes_max : length); at != step::go_on)
    co_return at;
  if (facts_.expects == expectation::go_on && arrived().empty()) {
    const message_parts go_on{"HTTP/1.1 100 Continue\r\n\r\n", {}};
    const bool is_written = co_await write_all(go_on);
    if (!is_written)
      co_return step::gone;
  }
  wait_for(phase::body, shared_->params.body_timeout);
  if (facts_.is_chunked)
    co_return co_await read_chunked_body();
  const bool is_whole = co_await read_sized_body(length);
  if (!is_whole)
    co_return body_broke_off();
  request_.body = arrived().substr(0, length);
  co_return step::go_on;
}

net_task<bool> session::read_sized_body(std::size_t length) {
  while (arrived().size() < length) {
    const auto missing = std::min(length - arrived().size(), body_read_bytes);
    const auto count = co_await next_bytes(missing);
    if (!receive(count))
      co_return false;
  }
  body_in_buffer_ = length;
  co_return true;
}

net_task<session::step> session::read_chunked_body() {
  parser_->body_limit(terms_.bytes_max);
  parser_->eager(true);
  for (;;) {
    error_code failed;
    buffer_.consume(parser_->put(buffer_.data(), failed));
    if (parser_->is_done())
      break;
    if (failed == http::error::body_limit)
      co_return refuse_and_close(problem_kind::content_too_large, "body: expected at most " +
                                                                      std::to_string(terms_.bytes_max) +
                                                                      " bytes, got more");
    // What is left is the beginning of a chunk's head or trailer. Beast waits for
    // CR LF without end; neither an endless one nor a bare LF will bring it.
    if ((failed && failed != http::error::need_more) || arrived().size() >= chunk_head_bytes_max ||
        has_bare_feed(arrived()))
      co_return refuse_and_close(problem_kind::bad_request,
                                 "body: expected chunks as RFC 9112 has them, got something else");
    const auto count = co_await next_bytes(head_read_bytes);
    if (!receive(count))
      co_return body_broke_off();
  }
  request_.body = parser_->get().body();
  co_return step::go_on;
}

// After a refusal: keeps the connection when the body is short and on its way.
net_task<> session::skip_body() {
  if (!has_body() || !keep_alive_)
    co_return;
  const auto length = facts_.content_length.value_or(skip_bytes_max + 1);
  const bool is_held_back = facts_.expects != expectation::none && arrived().empty();
  if (length > skip_bytes_max || is_held_back) {
    keep_alive_ = false;
    co_return;
  }
  wait_for(phase::body, shared_->params.body_timeout);
  keep_alive_ = co_await read_sized_body(static_cast<std::size_t>(length));
}

session::step session::body_broke_off() {
  if (!is_timed_out_)
    return step::gone;
  return refuse_and_close(problem_kind::request_timeout, "body: expected its end in time, got none");
}

session::step session::unpack_body() {
  const auto coding = request_.header("Content-Encoding");
  if (request_.body.empty() || coding.empty() || equal_ignoring_case(coding, "identity"))
    return step::go_on;
  switch (gunzip(request_.body, terms_.bytes_max, unpacked_)) {
  case gunzip_result::ok:
    if (const auto at = hold_body(unpacked_.size() - std::min(unpacked_.size(), held_body_bytes_));
        at != step::go_on) {
      std::string().swap(unpacked_);
      return at;
    }
    request_.body = unpacked_;
    return step::go_on;
  case gunzip_result::corrupt:
    return refuse(problem_kind::bad_request, "body: expected gzip, got something else");
  case gunzip_result::too_large: break;
  }
  return refuse(problem_kind::content_too_large,
                "body: expected at most " + std::to_string(terms_.bytes_max) + " bytes unpacked, got more");
}

// To be told to `receive`. No coroutine of its own: these are awaited for every request.
net_task<std::size_t> session::next_bytes(std::size_t bytes_max) {
  return socket_.async_read_some(buffer_.prepare(std::max(bytes_max, head_read_bytes)),
                                 asio::redirect_error(net_token{}, read_error_));
}

// The other sessions first: the next request of a quick client is there by then, and one read finds it.
net_task<std::size_t> session::next_request() {
  const auto room = buffer_.prepare(head_read_bytes);
  return asio::async_initiate<const net_token, void(std::size_t)>(
      [this, room](auto waiting) {
        asio::defer(socket_.get_executor(), [this, room, waiting = std::move(waiting)]() mutable {
          socket_.async_read_some(
              room, [this, waiting = std::move(waiting)](error_code failed, std::size_t count) mutable {
                read_error_ = failed;
                std::move(waiting)(count);
              });
        });
      },
      net_token{});
}

bool session::receive(std::size_t bytes) {
  buffer_.commit(bytes);
  return !read_error_ && !is_timed_out_;
}

bool session::has_body() const noexcept {
  return facts_.is_chunked || facts_.content_length.value_or(0) > 0;
}

std::string_view session::arrived() const noexcept {
  const auto bytes = buffer_.cdata();
  return {static_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace reviews
