#include "deploy/reviewctl/command.hpp"
#include "deploy/reviewctl/exit_status.hpp"
#include "deploy/reviewctl/interrupt.hpp"
#include "deploy/reviewctl/status_report.hpp"
#include "deploy/reviewctl/text.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <thread>

namespace reviews::ctl {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

namespace {

const std::string details =
    R"(owner is a member of the group; leader, replicas and in_sync are brokers. next_offset is where
the consumer goes on, by Postgres; committed is what Kafka's own lag tools see. behind is the
age of the oldest record that is not stored yet.

Exit status 1 when something stands still: a partition without leader; with a stored offset outside
of the log; with records to store and no owner; or whose oldest record has waited and
whose offset has not moved for longer than --patience. With --watch the last look decides.

  reviewctl status
  reviewctl status --watch 1s
  reviewctl status --json --patience 10s
)";

struct status_options {
  server_options servers;
  int patience_seconds = 60;
  int watch_seconds = 0;
  bool as_json = false;
};

void print(const pipeline_status& status, const status_options& options, bool clears, std::FILE* results) {
  if (clears)
    std::fputs("\033[H\033[J", results);
  if (options.as_json)
    print_line(results, to_json(status));
  else
    std::fputs(to_text(status).c_str(), results);
  std::fflush(results);
}

void wait_until(clock::time_point due) {
  while (clock::now() < due && !is_interrupted())
    std::this_thread::sleep_for(std::min<clock::duration>(due - clock::now(), 100ms));
}

int run(const status_options& options, std::FILE* results) {
  const auto servers = options.servers.resolve();
  if (!servers)
    return exit_status::config;
  const bool watches = options.watch_seconds > 0;
  if (watches)
    end_on_interrupt();
  pipeline_watch watch(*servers, std::chrono::seconds(options.patience_seconds));
  const bool clears = watches && !options.as_json && isatty(fileno(results)) == 1;
  for (;;) {
    const auto due = clock::now() + std::chrono::seconds(options.watch_seconds);
    const auto status = watch.look();
    if (status)
      print(*status, options, clears, results);
    if (!status && (!watches || status.error().code != ec::unavailable))
      return report_failure(status.error());
    if (!status) // who watches an outage wants to see its end
      report_failure(status.error());
    if (watches)
      wait_until(due);
    if (!watches || is_interrupted())
      return !status                  ? exit_status::unavailable
             : status->stands_still() ? exit_status::found
                                      : exit_status::ok;
  }
}

} // namespace

void add_status(CLI::App& app, command& chosen) {
  auto options = std::make_shared<status_options>();
  auto* status = app.add_subcommand("status", "Partitions, their owners, and how far behind they are");
  status->footer(details + app.get_footer());
  options->servers.add_to(*status);
  add_seconds(*status, "--watch", options->watch_seconds, "Looks again and again, so often; 0: once");
  add_seconds(*status, "--patience", options->patience_seconds, "What a record may wait");
  status->add_flag("--json", options->as_json, "One JSON object a look");
  status->callback(
      [options, &chosen] { chosen = [options](std::FILE* results) { return run(*options, results); }; });
}

} // namespace reviews::ctl
