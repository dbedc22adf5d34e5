#pragma once

#include "kafka/params.hpp"

#include <string>
#include <vector>

namespace reviews::kafka {

/// Every mistake in the settings, one line each, `kafka.producer.acks: expected
/// …, got …`; empty when all is well. Asks librdkafka about each value and
/// about their combination (also reads the TLS files they name), but connects nowhere.
std::vector<std::string> check(const kafka_params& params);

} // namespace reviews::kafka
