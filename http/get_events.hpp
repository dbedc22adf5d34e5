#pragma once

#include "actors/ports/event_source.hpp"
#include "http/http_metrics.hpp"
#include "http/router.hpp"

#include <chrono>

namespace reviews {

/// Serves `GET /v1/events`: Server-Sent Events (HTML Living Standard, 9.2) without
/// end. Each client is told to come back after a time of its own, 2 to 5 s; one that
/// comes with `Last-Event-ID` goes on after that event where it is still known. HEAD gets
/// the head alone. 406 unless `Accept` admits `text/event-stream`; 503 with too many
/// listeners or while the process drains.
/// @param source Must outlive the server.
/// @param heartbeat After so long a silence a comment is sent, which keeps what
///   stands between from closing the connection.
/// @param metrics May be null.
void add_get_events(router& routes, event_source& source, std::chrono::milliseconds heartbeat,
                    http_metrics* metrics);

} // namespace reviews
