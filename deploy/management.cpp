#include "deploy/management.hpp"

#include "http/management.hpp"
#include "http/router.hpp"

#include <utility>

namespace reviews {

outcome<std::unique_ptr<http_server>> start_management(process& of, const management_params& where,
                                                       std::function<std::string()> config_text,
                                                       http_metrics& metrics) {
  router routes;
  management_sources sources;
  sources.describe_actors = [&of](std::function<void(std::string)> then) {
    of.describe_actors(std::move(then));
  };
  sources.readiness = [&of] {
    auto missing = of.ready().missing();
    return readiness_report{missing.empty(), std::move(missing)};
  };
  sources.metrics_text = [&of] {
    set_gauge(of.metrics(), "reviews_ready", "1 while /readyz says so", of.ready().missing().empty() ? 1 : 0);
    return metrics_text(of.metrics());
  };
  sources.config_text = std::move(config_text);
  add_management(routes, std::move(sources));
  http_params params;
  params.host = where.host;
  params.port = where.port;
  auto server = std::make_unique<http_server>(of.loop(), params, std::move(routes), &metrics, "management");
  if (auto started = server->start(); !started)
    return started.error();
  return server;
}

} // namespace reviews
