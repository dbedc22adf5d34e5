#pragma once

#include "deploy/reviewctl/pipeline_status.hpp"

#include <string>

namespace reviews::ctl {

/// The group, its members, a line a partition, and the sums.
std::string to_text(const pipeline_status& status);

/// The same as one JSON object.
std::string to_json(const pipeline_status& status);

} // namespace reviews::ctl
