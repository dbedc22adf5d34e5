#pragma once

#include "actors/ports/producer_client.hpp"
#include "actors/startup_check.hpp"
#include "deploy/process.hpp"

#include <functional>
#include <string>
#include <vector>

namespace reviews {

/// Met when the brokers know the topic that `make_client`'s clients write to.
startup_condition topic_condition(std::string name, producer_client_factory make_client);

/// The child that tests `conditions` in their order, tells readiness of each,
/// and calls `on_all_met`; a server that refuses for good ends the process with 69.
child_spec make_startup_check(process& program, const supervision_params& retry,
                              std::vector<startup_condition> conditions, std::function<void()> on_all_met);

} // namespace reviews
