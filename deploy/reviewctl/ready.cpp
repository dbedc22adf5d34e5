#include "deploy/reviewctl/command.hpp"
#include "deploy/reviewctl/exit_status.hpp"
#include "deploy/reviewctl/servers.hpp"
#include "deploy/reviewctl/text.hpp"
#include "http/get_status.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace reviews::ctl {

namespace {

using namespace std::chrono_literals;

const std::string details = "For health checks that run a command: Kubernetes asks /readyz itself. Exit "
                            "status 0: ready, 1: not yet,\n"
                            "or draining, 69: no answer within 2 s.\n";

int run(const std::string& url, std::FILE* results) {
  const auto origin = parse_http_origin(url);
  if (!origin) {
    complain(origin.error().detail);
    return exit_status::usage;
  }
  const auto status = get_status(*origin, "/readyz", 2s);
  if (!status)
    return report_failure(status.error());
  print_line(results, *status == 200 ? "ready" : "not ready");
  return *status == 200 ? exit_status::ok : exit_status::found;
}

} // namespace

void add_ready(CLI::App& app, command& chosen) {
  auto url = std::make_shared<std::string>("http://localhost:8081");
  auto* ready = app.add_subcommand("ready", "Asks a program whether it is ready");
  ready->footer(details);
  ready->add_option("--url", *url, "Its management port")
      ->type_name("http://HOST[:PORT]")
      ->capture_default_str();
  ready->callback([url, &chosen] { chosen = [url](std::FILE* results) { return run(*url, results); }; });
}

} // namespace reviews::ctl
