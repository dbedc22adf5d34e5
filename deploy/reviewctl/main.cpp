#include "actors/model/log.hpp"
#include "deploy/reviewctl/command.hpp"
#include "deploy/reviewctl/exit_status.hpp"
#include "deploy/reviewctl/text.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <exception>
#include <memory>

namespace {

using namespace reviews;

constexpr const char* footer = R"(
Settings of the servers come from the command line, then the environment, then --config FILE
(config/consumer.toml), then their defaults. Environment: REVIEWS_ + the key, such as
REVIEWS_KAFKA_BOOTSTRAP_SERVERS and REVIEWS_DATABASE_URL; else KAFKA_BOOTSTRAP_SERVERS
and DATABASE_URL. Results go to the standard output, all else to the standard error.
Exit status: 0 well, 1 something was found or not done, 64 a command line that makes no sense,
69 a server is out of reach or refuses, 78 a setting that nobody takes.)";

/// The standard output for results alone: what else writes there, the logs of
/// the libraries, goes to the standard error from now on.
std::FILE* set_results_apart() {
  const int results = dup(STDOUT_FILENO);
  dup2(STDERR_FILENO, STDOUT_FILENO);
  return fdopen(results, "w");
}

int run(int argc, char** argv) {
  CLI::App app("Sets up, checks, loads and mends the pipeline of reviews.", "reviewctl");
  app.set_version_flag("--version", "reviewctl " REVIEWS_VERSION);
  app.require_subcommand(1);
  app.footer(footer);
  app.get_formatter()->column_width(34);
  ctl::command chosen;
  ctl::add_setup(app, chosen);
  ctl::add_verify(app, chosen);
  ctl::add_load(app, chosen);
  ctl::add_status(app, chosen);
  ctl::add_offsets(app, chosen);
  ctl::add_dlq(app, chosen);
  ctl::add_reload(app, chosen);
  ctl::add_ready(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& stop) {
    return app.exit(stop) == 0 ? ctl::exit_status::ok : ctl::exit_status::usage;
  }
  log::configure(log::level::warning, log::format::text);
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> results(set_results_apart(), &std::fclose);
  return results && chosen ? chosen(results.get()) : ctl::exit_status::software;
}

} // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& caught) {
    ctl::complain(caught.what());
    return ctl::exit_status::software;
  }
}
