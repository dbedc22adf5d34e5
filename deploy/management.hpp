#pragma once

#include "config/settings.hpp"
#include "deploy/process.hpp"
#include "http/http_metrics.hpp"
#include "http/server.hpp"

#include <functional>
#include <memory>
#include <string>

namespace reviews {

/// The management port of a process: `/livez`, `/readyz`, `/metrics`,
/// `/config` and `/actors`. Started; the failure names the setting. `config_text`
/// is called at each request, from any thread.
outcome<std::unique_ptr<http_server>> start_management(process& of, const management_params& where,
                                                       std::function<std::string()> config_text,
                                                       http_metrics& metrics);

} // namespace reviews
