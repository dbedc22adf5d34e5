#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace reviews {

/// Bounds of an HTTP listener and its sessions.
struct http_params {
  std::string host = "0.0.0.0";
  std::uint16_t port = 8080; ///< 0: any free one.
  std::size_t connections_max = 10'000;
  std::size_t body_bytes_max = 65'536;    ///< One review; also after unpacking.
  std::size_t batch_bytes_max = 4u << 20; ///< NDJSON; also after unpacking.
  std::size_t batch_reviews_max = 1'000;  ///< Lines of a batch.
  /// Bodies on their way or unpacked, of all connections together; then 503. As much again for answers not
  /// yet taken. At least one batch.
  std::size_t bodies_bytes_max = 64u << 20;
  std::chrono::milliseconds header_timeout{10'000};  ///< First byte of a head to its end.
  std::chrono::milliseconds body_timeout{20'000};    ///< End of head to end of body.
  std::chrono::milliseconds idle_timeout{60'000};    ///< Between two requests.
  std::chrono::milliseconds request_timeout{10'000}; ///< End of body to answer; then 504.
  std::vector<std::string> cors_allowed_origins;     ///< Empty: CORS off. `*`: any.
  /// Requests a second and client address; 0: no limit. Burst: that of one second, at least 1.
  double rate_limit = 0;
};

} // namespace reviews
