#pragma once

#include "actors/model/event_ring.hpp"
#include "actors/model/failure.hpp"

#include <memory>
#include <optional>

namespace reviews {

/// The way from an HTTP session to the feed of events. Thread-safe.
class event_source {
public:
  virtual ~event_source() = default;

  /// A listener who is told what follows `after`; see `event_ring::listen`. Fails
  /// with `overloaded` (too many listen) or `shutting_down`.
  virtual outcome<std::unique_ptr<ring_listener>> listen(const std::optional<event_id>& after) = 0;
};

} // namespace reviews
