#pragma once

#include "http/router.hpp"

#include <functional>
#include <string>

namespace reviews {

/// Whether clients should be sent here.
struct readiness_report {
  bool is_ready = false;
  std::string reason; ///< Why not; empty when ready.
};

/// What the management port tells, asked anew for each request, from any thread.
struct management_sources {
  /// Has the actor system describe its supervision tree: calls `then` once with
  /// JSON, from any thread. `/livez` lives by this answer alone.
  std::function<void(std::function<void(std::string json)> then)> describe_actors;
  std::function<readiness_report()> readiness;
  std::function<std::string()> metrics_text; ///< Prometheus text format 0.0.4.
  std::function<std::string()> config_text;  ///< TOML, secrets masked.
};

/// Serves `/livez`, `/readyz`, `/metrics`, `/config` and `/actors`. The actor
/// system has one second to answer; then 503.
void add_management(router& routes, management_sources sources);

} // namespace reviews
