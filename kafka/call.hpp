#pragma once

#include "actors/model/failure.hpp"

#include <librdkafka/rdkafka.h>

#include <chrono>

/// What calls share that block until a deadline.
namespace reviews::kafka {

/// What is left until `deadline`, at least 1 ms.
std::chrono::milliseconds time_left(std::chrono::steady_clock::time_point deadline);

/// Drops the error events that wait with a client that works.
void forget_errors(rd_kafka_t* client);

/// The reason brokers gave for not letting us in, which `otherwise` hides:
/// they look like brokers out of reach, but for their error events.
failure explain(rd_kafka_t* client, failure otherwise);

} // namespace reviews::kafka
