#pragma once

#include <boost/asio.hpp>

namespace reviews {

/// The strand that a connection and all its work run on.
using net_executor = boost::asio::strand<boost::asio::io_context::executor_type>;
using net_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, net_executor>;
template <class T = void>
using net_task = boost::asio::awaitable<T, net_executor>;
using net_token = boost::asio::use_awaitable_t<net_executor>;

} // namespace reviews
