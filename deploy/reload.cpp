#include "deploy/reload.hpp"

#include "actors/model/log.hpp"

#include <sstream>

namespace reviews {

void log_reload(const std::vector<setting_change>& changes) {
  std::string hot;
  for (const auto& each : changes)
    if (each.hot)
      hot += (hot.empty() ? "" : " ") + each.key;
    else
      log::warning("reload_needs_restart", {{"key", each.key}});
  log::info("config_reloaded", {{"changed", "[" + hot + "]"}});
}

void log_failed_reload(const std::string& mistakes) {
  std::istringstream lines(mistakes);
  for (std::string line; std::getline(lines, line);)
    log::error("config_reload_failed", {{"mistake", line}});
}

} // namespace reviews
