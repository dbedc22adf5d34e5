#pragma once

#include "actors/ports/log_source.hpp"
#include "kafka/params.hpp"

namespace reviews::kafka {

/// Builds sources that look at `topic`, each with one client that lives as long
/// as it does (`kafka.producer` applies). A look asks for the topic's metadata and,
/// of each leader once, for where its partitions begin and where they end. A
/// partition without a leader, or whose leader does not answer, keeps its last figures.
log_source_factory make_log_source_factory(kafka_params params, std::string topic);

} // namespace reviews::kafka
