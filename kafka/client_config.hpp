#pragma once

#include "actors/model/failure.hpp"
#include "kafka/holders.hpp"
#include "kafka/settings.hpp"

#include <string>
#include <vector>

namespace reviews::kafka {

/// A librdkafka configuration for a role: the user's settings, then our
/// defaults where the user is silent, then the forced ones. Its log lines go
/// to `reviews::log` as `kafka_client_log` with librdkafka's facility.
///
/// On mistakes nothing is built and `mistakes` gains one line each, that names
/// key and what was expected; no value of a secret is repeated.
conf_ptr make_conf(const kafka_params& params, role r, std::vector<std::string>& mistakes);

/// Turns a configuration into a client with these kinds of events
/// (`RD_KAFKA_EVENT_…`) on its queues. `refused` with every mistake in its detail.
outcome<client_ptr> make_client(const kafka_params& params, role r, int events);

} // namespace reviews::kafka
