#pragma once

#include "http/message.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace reviews::test {

using namespace std::chrono_literals;

/// Waits until `is_true`, at most `deadline`; returns whether it became so.
inline bool eventually(const std::function<bool()>& is_true, std::chrono::milliseconds deadline = 10s) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!is_true()) {
    if (std::chrono::steady_clock::now() > end)
      return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

/// A response as it came over the wire.
struct wire_response {
  int status = 0; ///< 0: the connection ended first.
  std::string head;
  std::string body;

  std::string header(std::string_view name) const {
    for (std::size_t at = head.find("\r\n"); at != head.npos && at + 2 < head.size();) {
      const auto end = head.find("\r\n", at + 2);
      const auto line = std::string_view(head).substr(at + 2, end - at - 2);
      const auto colon = line.find(':');
      if (colon != line.npos && equal_ignoring_case(line.substr(0, colon), name))
        return std::string(line.substr(colon + 2));
      at = end;
    }
    return {};
  }
};

/// A client that sends exactly the bytes it is told to. Each wait ends after 10 s.
class wire {
public:
  explicit wire(std::uint16_t port, int receive_buffer = 0) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_buffer > 0)
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
      throw std::runtime_error("wire: expected a connection, got none");
  }
  ~wire() { close(); }
  wire(wire&& other) noexcept : fd_(std::exchange(other.fd_, -1)), arrived_(std::move(other.arrived_)) {}
  wire(const wire&) = delete;
  wire& operator=(const wire&) = delete;

  void close() {
    if (fd_ >= 0)
      ::close(std::exchange(fd_, -1));
  }

  /// Sends all of it; false when the server does not take it any more.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0)
        return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  /// The next response, with the body that its Content-Length tells.
  wire_response read(bool has_body = true) {
    wire_response got;
    auto end = arrived_.npos;
    while ((end = arrived_.find("\r\n\r\n")) == arrived_.npos)
      if (!read_more())
        return got;
    got.head = arrived_.substr(0, end + 2);
    arrived_.erase(0, end + 4);
    const auto length = got.header("Content-Length");
    const std::size_t wanted = has_body && !length.empty() ? std::stoul(length) : 0;
    while (arrived_.size() < wanted)
      if (!read_more())
        return got;
    got.body = arrived_.substr(0, wanted);
    arrived_.erase(0, wanted);
    got.status = std::stoi(got.head.substr(9, 3));
    return got;
  }

  /// The next `count` bytes, or fewer when no more come.
  std::string read_bytes(std::size_t count) {
    while (arrived_.size() < count && read_more())
      ;
    auto bytes = arrived_.substr(0, count);
    arrived_.erase(0, bytes.size());
    return bytes;
  }

  wire_response ask(std::string_view bytes) {
    send(bytes);
    return read();
  }

  /// Whether the server ends the connection, in time and without another byte.
  bool is_ended(std::chrono::milliseconds deadline = 10s) {
    return !read_more(deadline) && is_at_end_ && arrived_.empty();
  }

  /// Whether nothing comes and the connection stays for `span`.
  bool is_quiet_for(std::chrono::milliseconds span) { return !read_more(span) && !is_at_end_; }

private:
  bool read_more(std::chrono::milliseconds deadline = 10s) {
    pollfd waiting{fd_, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(deadline.count())) <= 0)
      return false;
    char bytes[16'384];
    const auto count = ::recv(fd_, bytes, sizeof bytes, 0);
    is_at_end_ = count <= 0;
    if (count > 0)
      arrived_.append(bytes, static_cast<std::size_t>(count));
    return count > 0;
  }

  int fd_;
  std::string arrived_;
  bool is_at_end_ = false;
};

} // namespace reviews::test
