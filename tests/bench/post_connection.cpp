#include "tests/bench/post_connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>

namespace reviews::bench {

post_connection::post_connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (socket_ < 0 || ::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
    throw std::runtime_error("connect: expected the server's port open, got a refusal");
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void post_connection::post(std::string_view request, time_point due_at) {
  unsent_ = request;
  due_at_ = due_at;
  send();
}

void post_connection::send() {
  while (!unsent_.empty()) {
    const auto count = ::send(socket_, unsent_.data(), unsent_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count <= 0)
      return;
    unsent_.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::optional<int> post_connection::receive() {
  std::array<char, 65536> chunk;
  for (;;) {
    const auto count = ::recv(socket_, chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN)
      return std::nullopt;
    if (count <= 0)
      throw std::runtime_error("server: expected an answer, got a closed connection");
    answer_.append(chunk.data(), static_cast<std::size_t>(count));
    if (is_whole()) {
      const int status = std::atoi(answer_.c_str() + 9); // after "HTTP/1.1 "
      answer_.clear();
      return status;
    }
  }
}

bool post_connection::is_whole() const {
  constexpr std::string_view name("content-length:");
  const auto head_end = answer_.find("\r\n\r\n");
  if (head_end == std::string::npos)
    return false;
  for (auto at = answer_.find("\r\n"); at < head_end; at = answer_.find("\r\n", at + 2)) {
    const char* field = answer_.c_str() + at + 2;
    if (::strncasecmp(field, name.data(), name.size()) == 0)
      return answer_.size() >= head_end + 4 + std::strtoul(field + name.size(), nullptr, 10);
  }
  return true;
}

} // namespace reviews::bench
