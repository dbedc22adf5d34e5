#include "http/get_status.hpp"

#include <boost/asio.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <exception>

namespace reviews {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;

asio::awaitable<int> ask(beast::tcp_stream& stream, const http_origin& where, std::string_view target,
                         std::chrono::milliseconds timeout) {
  const auto endpoints = tcp::resolver(stream.get_executor()).resolve(where.host, where.port);
  stream.expires_after(timeout);
  co_await stream.async_connect(endpoints, asio::use_awaitable);
  beast::http::request<beast::http::empty_body> request(beast::http::verb::get, target, 11);
  request.set(beast::http::field::host, where.authority);
  request.set(beast::http::field::connection, "close");
  co_await beast::http::async_write(stream, request, asio::use_awaitable);
  beast::flat_buffer buffer;
  beast::http::response<beast::http::string_body> answer;
  co_await beast::http::async_read(stream, buffer, answer, asio::use_awaitable);
  co_return static_cast<int>(answer.result_int());
}

} // namespace

outcome<int> get_status(const http_origin& where, std::string_view target,
                        std::chrono::milliseconds timeout) {
  asio::io_context loop(1);
  beast::tcp_stream stream(loop);
  outcome<int> result = 0;
  asio::co_spawn(
      loop, ask(stream, where, target, timeout), [&result](const std::exception_ptr& thrown, int status) {
        try {
          if (thrown)
            std::rethrow_exception(thrown);
          result = status;
        } catch (const boost::system::system_error& caught) {
          result = failure{ec::unavailable, "http: expected an answer, got " + caught.code().message()};
        }
      });
  loop.run();
  return result;
}

} // namespace reviews
