#pragma once

#include "http/endpoint.hpp"
#include "http/head_rules.hpp"
#include "http/net.hpp"
#include "http/server_state.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>

namespace reviews {

/// One connection: a coroutine on its own strand that reads a request, has it
/// answered, writes the response, and so on. Requests of a pipeline are taken
/// one at a time, so their answers keep the order (RFC 9112, section 9.3.2).
/// It never arms a timer: the server's sweep calls `expire` when `deadline` has passed.
/// In its coroutines each `co_await` is a statement of its own, its arguments
/// variables: GCC 12 miscompiles some that stand inside of larger expressions.
class session : public reply_sink, public std::enable_shared_from_this<session> {
public:
  /// What the session waits for; decides what a passed deadline means.
  enum class phase : std::uint8_t {
    idle,    ///< The first byte of a head: close silently.
    header,  ///< The rest of it: 408.
    body,    ///< 408
    answer,  ///< The endpoint: 504.
    stream,  ///< More of an endless response: ask the stream again.
    writing, ///< The client to take the response: close.
    closing, ///< The client to close: close.
  };

  /// @param is_surplus Over the limit of connections: its request gets a 503.
  session(net_socket socket, std::shared_ptr<server_state> shared, bool is_surplus);
  ~session() override;

  void start();

  /// Thread-safe: whether the deadline has passed.
  bool is_overdue(std::chrono::steady_clock::time_point now) const noexcept;

  /// Thread-safe: acts on a passed deadline, if it still has.
  void expire();

  /// Thread-safe: ends an idle connection, and a stream as `drain` does.
  void stop();

  /// Thread-safe: ends a stream, whose client has a second left to take the rest.
  void drain();

  /// Drops the waiting request, if any. Only when nobody runs the io_context.
  void abandon();

  /// Thread-safe, also when the answer comes before `handle` has returned.
  void deliver(std::uint64_t ticket, std::shared_ptr<response_job> job) override;

private:
  enum class step : std::uint8_t { go_on, answered, gone };
  using arena = std::pmr::polymorphic_allocator<char>;
  /// What is still to be written.
  struct message_parts {
    std::string_view head;
    std::string_view body;

    bool is_written() const noexcept { return head.empty() && body.empty(); }
  };
  using head_parser = boost::beast::http::request_parser<boost::beast::http::string_body, arena>;
  using wake_handler = boost::asio::async_result<net_token, void()>::handler_type;

  // session.cpp: the course of a connection
  net_task<> run();
  net_task<bool> serve(step at);
  net_task<> answer_arrival(phase what, std::chrono::milliseconds at_most);
  step run_endpoint();
  void take_answer(std::uint64_t ticket, const std::shared_ptr<response_job>& job);
  void expire_now();
  void wake();
  void begin_request();
  void observe_request();
  void end_request();
  void cease_to_be_admitted();

  // session_judgement.cpp: may this head have an answer from an endpoint?
  step judge_head();
  step judge_route();
  step judge_framing();
  bool is_within_rate();
  step refuse(problem_kind why, std::string_view detail);
  step refuse_and_close(problem_kind why, std::string_view detail);
  step hold_body(std::size_t bytes);
  void let_go_of_body();
  void let_go_of_answer();

  // session_input.cpp: from bytes to a request
  net_task<step> read_head();
  step parse_head(std::size_t length);
  bool fill_request(std::string_view head);
  void forget_request();
  void skip_empty_lines();
  bool take_body();
  net_task<step> read_body();
  net_task<bool> read_sized_body(std::size_t length);
  net_task<step> read_chunked_body();
  net_task<> skip_body();
  step body_broke_off();
  step unpack_body();
  net_task<std::size_t> next_bytes(std::size_t bytes_max);
  net_task<std::size_t> next_request();
  bool receive(std::size_t bytes);
  bool has_body() const noexcept;
  std::string_view arrived() const noexcept;

  // session_output.cpp: from a response to bytes
  void frame_response();
  std::string_view body_out() const noexcept;
  bool write_some(message_parts& what);
  net_task<bool> write_rest(message_parts what);
  net_task<bool> write_all(message_parts what);
  net_task<bool> write_stream();
  void end_stream();
  std::chrono::milliseconds write_time() const noexcept;
  net_task<> close_gently();
  void close_now();
  void shrink_buffers();
  void wait_for(phase what, std::chrono::milliseconds at_most);

  net_socket socket_;
  std::shared_ptr<server_state> shared_;
  session_registry::place place_;
  const bool is_surplus_;
  std::optional<client_address> peer_;
  std::atomic<std::int64_t> deadline_;
  phase phase_ = phase::idle;
  std::chrono::milliseconds idle_for_;
  bool is_timed_out_ = false;
  boost::system::error_code read_error_;
  boost::beast::flat_buffer buffer_;
  head_scanner scanner_;
  std::array<std::byte, 4096> arena_bytes_;
  std::pmr::monotonic_buffer_resource arena_;
  std::optional<head_parser> parser_;
  head_facts facts_;
  std::size_t body_in_buffer_ = 0; ///< To be consumed once answered.
  std::string unpacked_;
  http_request request_;
  std::string request_id_;
  std::string target_; ///< Path and query of the request.
  const route* route_ = nullptr;
  endpoint* endpoint_ = nullptr;
  body_terms terms_;
  bool keep_alive_ = true;
  bool is_active_ = false;
  bool is_admitted_ = false;  ///< Came before the drain, which waits for it.
  bool is_streaming_ = false; ///< Its response goes on until somebody ends it.
  std::size_t held_body_bytes_ = 0;
  std::size_t held_answer_bytes_ = 0;
  std::chrono::steady_clock::time_point began_at_;
  std::uint64_t ticket_ = 0;
  bool is_waiting_ = false;
  std::optional<wake_handler> waiter_;
  http_response response_;
  std::string head_out_;
  std::string cors_out_;
};

} // namespace reviews
