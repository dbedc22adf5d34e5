// Bare Beast on one thread: reads each request whole and answers 202 at once.

#include "tests/bench/options.hpp"

#include <boost/asio.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <exception>

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr const char* receipt =
    R"({"review_id":"0199f3a1-5c1e-7d3a-9c43-6b1d2f0e8a11","vendor_id":"cafe-12345","status":"accepted",)"
    R"("partition":3,"offset":1234567,"created_at":"2026-11-22T17:28:24.000123Z"})";

http::response<http::string_body> accepted() {
  http::response<http::string_body> answer{http::status::accepted, 11};
  answer.set(http::field::location, "/v1/reviews/0199f3a1-5c1e-7d3a-9c43-6b1d2f0e8a11");
  answer.set(http::field::content_type, "application/json");
  answer.body() = receipt;
  answer.prepare_payload();
  return answer;
}

asio::awaitable<void> serve(tcp::socket socket) {
  boost::beast::flat_buffer buffer;
  try {
    for (;;) {
      http::request<http::string_body> asked;
      co_await http::async_read(socket, buffer, asked, asio::use_awaitable);
      auto answer = accepted();
      co_await http::async_write(socket, answer, asio::use_awaitable);
    }
  } catch (const boost::system::system_error&) {
    // The client has gone.
  }
}

asio::awaitable<void> listen(unsigned short port) {
  tcp::acceptor acceptor(co_await asio::this_coro::executor, {asio::ip::address_v4::loopback(), port});
  for (;;) {
    auto socket = co_await acceptor.async_accept(asio::use_awaitable);
    socket.set_option(tcp::no_delay(true));
    asio::co_spawn(acceptor.get_executor(), serve(std::move(socket)), asio::detached);
  }
}

} // namespace

int main(int argc, char** argv) {
  const reviews::bench::options given(argc, argv, "A bare HTTP server that answers 202.", {{"port", "8080"}});
  asio::io_context loop(1);
  asio::co_spawn(loop, listen(static_cast<unsigned short>(given.number("port"))),
                 [](std::exception_ptr failed) { // a port in use, for one
                   if (failed)
                     std::rethrow_exception(failed);
                 });
  loop.run();
}
