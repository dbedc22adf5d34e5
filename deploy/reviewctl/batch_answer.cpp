#include "deploy/reviewctl/batch_answer.hpp"

#include <boost/json.hpp>

namespace reviews::ctl {

namespace json = boost::json;

std::vector<int> line_statuses(std::string_view body, std::size_t count) {
  boost::system::error_code err;
  const auto parsed = json::parse({body.data(), body.size()}, err);
  const auto* object = err ? nullptr : parsed.if_object();
  const auto* member = object ? object->if_contains("results") : nullptr;
  const auto* results = member ? member->if_array() : nullptr;
  if (results == nullptr || results->size() != count)
    return {};
  std::vector<int> statuses;
  statuses.reserve(count);
  for (const auto& each : *results) {
    const auto* line = each.if_object();
    const auto* status = line ? line->if_contains("status") : nullptr;
    if (status == nullptr)
      return {};
    if (status->is_string() && status->get_string() == "accepted")
      statuses.push_back(202);
    else if (status->is_int64())
      statuses.push_back(static_cast<int>(status->get_int64()));
    else
      return {};
  }
  return statuses;
}

} // namespace reviews::ctl
