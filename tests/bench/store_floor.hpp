#pragma once

#include "tests/bench/contract_store.hpp"
#include "tests/bench/options.hpp"

#include <functional>
#include <map>
#include <string>

namespace reviews::bench {

/// Stores one batch; belongs to one thread.
using batch_sink = std::function<void(const plain_batch&)>;

/// The options that `run_store_floor` understands, with their defaults.
std::map<std::string, std::string> store_options();

/// Stores `--records` rows with ids of their own, `--batch` rows at a time, each
/// partition's in order, over `--connections` threads that share the partitions by
/// partition mod connections, and prints the measure.
/// Throws what a sink throws.
void run_store_floor(const options& given, const std::function<batch_sink()>& make_sink);

} // namespace reviews::bench
