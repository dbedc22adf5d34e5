#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace reviews::ctl {

/// The status of each line in the answer to a batch, in the order sent: 202
/// for a receipt, the problem's own for a problem. Empty when `body` is not
/// such an answer or does not have `count` results.
std::vector<int> line_statuses(std::string_view body, std::size_t count);

} // namespace reviews::ctl
