#pragma once

#include "actors/ports/producer_client.hpp"
#include "kafka/params.hpp"

#include <string>

namespace reviews::kafka {

/// Builds producers for `topic` over librdkafka.
///
/// A record's value is not copied again: the client keeps the record until its
/// delivery. After a fatal error every `produce` answers `broken`, and what was
/// under way is delivered at once: `broken` if it was not sent, else
/// `outcome_unknown`. Deliveries come once, also for records that time out
/// (`message.timeout.ms`); only destruction drops them.
///
/// Bounds: librdkafka's `queue.buffering.max.messages` and `.kbytes`, then
/// `overloaded`. Destruction abandons what is under way; it does not flush.
producer_client_factory make_producer_factory(kafka_params params, std::string topic);

} // namespace reviews::kafka
