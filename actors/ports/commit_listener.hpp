#pragma once

#include "actors/model/failure.hpp"
#include "actors/model/timestamp.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace reviews {

/// A notice as it was heard; its payload is read only by who needs it.
struct heard_notice {
  enum class topic : std::uint8_t {
    commit,   ///< On `commit_channel`.
    consumer, ///< On `consumer_channel`.
  };

  topic about = topic::commit;
  std::string payload;
  timestamp heard_at{};
};

/// Hears of commits, and of the consumers that make them: on one connection of
/// its own, every notice in the order of the commits, which is the same for all
/// who listen. What is told while nobody listens is gone. Blocking; one owner.
class commit_listener {
public:
  virtual ~commit_listener() = default;

  /// Connects, anew when it was connected, and listens from now on. Fails with
  /// `unavailable` or `refused`.
  virtual outcome<void> listen() = 0;

  /// What was told since the last call; waits up to `at_most` while that is
  /// nothing. After a failure (`unavailable`) nothing is heard until `listen` succeeds.
  virtual outcome<std::vector<heard_notice>> wait(std::chrono::milliseconds at_most) = 0;
};

using commit_listener_ptr = std::unique_ptr<commit_listener>;

/// Builds an unconnected listener.
using commit_listener_factory = std::function<commit_listener_ptr()>;

} // namespace reviews
