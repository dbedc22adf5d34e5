#include "http/cors.hpp"
#include "http/response_writer.hpp"
#include "http/session.hpp"

#include <algorithm>

namespace reviews {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds linger{2'000};
// The rest of a batch that is too large: who writes all of it before reading sees why it was refused.
constexpr std::size_t linger_bytes_max = 16u << 20;
constexpr std::chrono::milliseconds stream_pause{1'000};
constexpr std::chrono::milliseconds stream_end_max{1'000};
constexpr int stream_buffer_bytes = 65'536;
// An idle connection keeps no more than this of each buffer.
constexpr std::size_t kept_bytes_max = 65'536;

} // namespace

void session::frame_response() {
  const bool is_stream = response_.stream != nullptr;
  if (shared_->is_ending() || response_.close || (is_stream && facts_.is_http_1_0))
    keep_alive_ = false;
  is_streaming_ = is_stream && request_.method != http_method::head;
  if (is_streaming_)
    cease_to_be_admitted(); // or a drain would wait for whoever listens
  cors_out_.clear();
  append_cors_headers(cors_out_, request_, shared_->params.cors_allowed_origins);
  head_out_.clear();
  append_response_head(head_out_, response_,
                       {request_.request_id, cors_out_, keep_alive_, facts_.is_http_1_0, is_stream});
}

std::string_view session::body_out() const noexcept {
  return request_.method == http_method::head || response_.stream ? std::string_view{} : response_.body;
}

// Nearly always the socket takes all of it at once: no wait, no suspension.
bool session::write_some(message_parts& what) {
  const std::array<asio::const_buffer, 2> both = {asio::buffer(what.head), asio::buffer(what.body)};
  error_code failed;
  const auto count = socket_.write_some(both, failed);
  const auto from_head = std::min(count, what.head.size());
  what.head.remove_prefix(from_head);
  what.body.remove_prefix(count - from_head);
  return !failed || failed == asio::error::would_block;
}

net_task<bool> session::write_rest(message_parts what) {
  const std::array<asio::const_buffer, 2> both = {asio::buffer(what.head), asio::buffer(what.body)};
  error_code failed;
  if (!shared_->try_hold(shared_->answers, what.body.size()))
    co_return false;
  held_answer_bytes_ = what.body.size();
  wait_for(phase::writing, write_time());
  co_await asio::async_write(socket_, both, asio::redirect_error(net_token{}, failed));
  let_go_of_answer();
  co_return !failed;
}

net_task<bool> session::write_all(message_parts what) {
  const bool is_open = write_some(what);
  if (!is_open || what.is_written())
    co_return is_open;
  const bool is_written = co_await write_rest(what);
  co_return is_written;
}

std::chrono::milliseconds session::write_time() const noexcept {
  return is_streaming_ && shared_->is_ending() ? std::min(stream_end_max, shared_->write_timeout)
                                               : shared_->write_timeout;
}

// One that waits is asked once more, and its end written; one that is being written
// to a client that takes nothing has a new deadline.
void session::end_stream() {
  if (!is_streaming_)
    return;
  if (phase_ == phase::stream)
    take_answer(ticket_, nullptr);
  else if (phase_ == phase::writing)
    wait_for(phase::writing, write_time());
}

// Chunk by chunk (RFC 9112, section 7.1); to HTTP/1.0 as it is, up to the close.
net_task<bool> session::write_stream() {
  error_code ignored; // or a client that does not read is sent megabytes that are old when it does
  socket_.set_option(asio::socket_base::send_buffer_size(stream_buffer_bytes), ignored);
  std::string piece = std::move(response_.body);
  std::string framed;
  for (bool goes_on = true;;) {
    framed.clear();
    if (facts_.is_http_1_0)
      framed = piece;
    else
      append_chunk(framed, piece, !goes_on);
    const message_parts whole{framed, {}};
    const bool is_written = co_await write_all(whole);
    if (!is_written || !goes_on) {
      keep_alive_ = keep_alive_ && !shared_->is_ending();
      co_return is_written;
    }
    piece.clear();
    phase_ = phase::stream;
    is_waiting_ = true;
    ++ticket_;
    goes_on = response_.stream->take(piece, reply(weak_from_this(), ticket_)) && !shared_->is_ending();
    if (goes_on && piece.empty() && is_waiting_)
      co_await answer_arrival(phase::stream, stream_pause);
    is_waiting_ = false;
  }
}

// Closing with unread bytes would reset the connection and could take the
// response away from the client (RFC 9112, section 9.6).
net_task<> session::close_gently() {
  error_code failed;
  socket_.shutdown(net_socket::shutdown_send, failed);
  if (failed)
    co_return;
  is_timed_out_ = false;
  wait_for(phase::closing, linger);
  for (std::size_t total = 0; total < linger_bytes_max;) {
    total += buffer_.size();
    buffer_.consume(buffer_.size());
    const auto count = co_await next_bytes(kept_bytes_max);
    if (!receive(count))
      break;
  }
}

void session::close_now() {
  error_code ignored;
  socket_.shutdown(net_socket::shutdown_both, ignored);
  socket_.close(ignored);
}

void session::shrink_buffers() {
  if (buffer_.size() == 0 && buffer_.capacity() > kept_bytes_max)
    buffer_.shrink_to_fit();
  for (auto* text : {&unpacked_, &response_.body, &head_out_})
    if (text->capacity() > kept_bytes_max)
      std::string().swap(*text);
}

} // namespace reviews
