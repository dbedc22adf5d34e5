#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reviews::bench {

/// One kept-alive connection to a server on this machine, one post under way.
/// Writing and reading never block. Throws std::runtime_error when the server
/// refuses or closes. Lives as long as the process.
class post_connection {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit post_connection(std::uint16_t port);

  int socket() const { return socket_; }

  /// When the post under way was due.
  time_point due_at() const { return due_at_; }

  /// Begins a post. `request` lives until its answer came.
  void post(std::string_view request, time_point due_at);

  /// Goes on writing what the socket did not take yet.
  void send();

  /// Reads what there is. The answer's status once it is whole.
  std::optional<int> receive();

private:
  bool is_whole() const;

  int socket_;
  std::string_view unsent_;
  std::string answer_;
  time_point due_at_;
};

} // namespace reviews::bench
