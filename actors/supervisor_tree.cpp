// The supervision tree as operators see it.

#include "actors/supervisor.hpp"

#include "actors/model/review_json.hpp"

#include <map>

namespace reviews {

std::string to_json(const tree_description& tree) {
  std::string out = R"({"actor":"supervisor","restarts":)" + std::to_string(tree.restarts) +
                    R"(,"has_given_up":)" + (tree.has_given_up ? "true" : "false");
  std::map<std::string, std::size_t> pools;
  for (const auto& each : tree.children)
    pools[each.pool] += each.running ? 1 : 0;
  out += R"(,"pools":{)";
  for (const auto& [pool, size] : pools) {
    append_json_string(out, pool);
    out += ":" + std::to_string(size) + ",";
  }
  if (out.back() == ',')
    out.pop_back();
  out += R"(},"children":[)";
  for (const auto& each : tree.children) {
    out += R"({"actor":)";
    append_json_string(out, each.name);
    out += R"(,"pool":)";
    append_json_string(out, each.pool);
    out += R"(,"state":)";
    append_json_string(out, each.what.state);
    out += R"(,"running":)" + std::string(each.running ? "true" : "false");
    out += R"(,"responding":)" + std::string(each.responding ? "true" : "false");
    out += R"(,"restarts":)" + std::to_string(each.restarts);
    out += R"(,"mailbox_depth":)" + std::to_string(each.what.mailbox_depth);
    out += R"(,"work_in_flight":)" + std::to_string(each.what.work_in_flight) + "},";
  }
  if (out.back() == ',')
    out.pop_back();
  return out + "]}";
}

} // namespace reviews
