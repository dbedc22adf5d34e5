#include "deploy/reviewctl/findings.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace reviews::ctl {

namespace json = boost::json;

void findings::add(std::string_view kind, const json::object& fields) {
  auto found =
      std::find_if(kinds_.begin(), kinds_.end(), [&](const auto& each) { return each.kind == kind; });
  if (found == kinds_.end())
    found = kinds_.insert(kinds_.end(), {std::string(kind), 0, {}});
  ++found->count;
  if (found->first.size() < shown_max)
    found->first.push_back(fields);
}

std::uint64_t findings::count_of(std::string_view kind) const {
  const auto found =
      std::find_if(kinds_.begin(), kinds_.end(), [&](const auto& each) { return each.kind == kind; });
  return found == kinds_.end() ? 0 : found->count;
}

json::array findings::to_json() const {
  json::array all;
  for (const auto& each : kinds_)
    all.push_back({{"kind", each.kind},
                   {"count", each.count},
                   {"first", json::array(each.first.begin(), each.first.end())}});
  return all;
}

std::string findings::to_text() const {
  std::string text;
  for (const auto& each : kinds_) {
    text.append(each.kind).append(": ").append(std::to_string(each.count)).append("\n");
    for (const auto& fields : each.first) {
      text.append("   ");
      for (const auto& [name, value] : fields) {
        const auto shown = value.is_string() ? std::string(value.get_string()) : json::serialize(value);
        text.append(" ").append(name.data(), name.size()).append("=").append(shown);
      }
      text.append("\n");
    }
    if (each.count > each.first.size())
      text.append("    … and ").append(std::to_string(each.count - each.first.size())).append(" more\n");
  }
  return text;
}

} // namespace reviews::ctl
