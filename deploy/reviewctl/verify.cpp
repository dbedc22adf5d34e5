#include "db/verification.hpp"
#include "deploy/reviewctl/command.hpp"
#include "deploy/reviewctl/exit_status.hpp"
#include "deploy/reviewctl/progress.hpp"
#include "deploy/reviewctl/servers.hpp"
#include "deploy/reviewctl/text.hpp"
#include "deploy/reviewctl/verify_report.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <thread>

namespace reviews::ctl {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

namespace {

const std::string details =
    R"(Walks the topic from its beginning to its end as of now, waits until the consumer has
caught up (--wait), then reads the tables as they are at one moment:
  - every valid record's review_id is in reviews once, with the place, vendor and rating
    of the first record of its partition that has it; the database could not store the
    rest, which are dead letters;
  - every other record has a dead letter;
  - no row is without its record (rows older than the log's beginning are only counted);
  - vendor_ratings equals the aggregate of reviews;
  - consumer_offsets lie within the log, and at its end.
What the consumer has not come to yet is pending, never missing, but then the check fails
with not_caught_up. Producer and consumer may go on working.

Memory: 33 bytes a valid record, 24 an invalid one, 8 a dead letter and about 16 a
vendor, beside 200 MiB: 10 million records take some 550 MB.
)";

constexpr auto poll_period = 250ms;
constexpr auto statement_limit = 30min; ///< Aggregates a whole table.

struct verify_options {
  server_options servers;
  int wait_seconds = 60;
  bool as_json = false;
};

std::uint64_t sum_lag(const log_contents& in_log, const table_contents& in_tables) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < in_log.parts.size(); ++i)
    sum += static_cast<std::uint64_t>(lag_of(in_log.parts[i], in_tables.next_offsets[i]));
  return sum;
}

/// The tables at a moment when the consumer has caught up with the walk, or at the deadline.
outcome<std::unique_ptr<verification>> open_caught_up(const server_settings& servers, verify_report& report,
                                                      clock::time_point deadline) {
  auto where = servers.database;
  where.statement_timeout = statement_limit;
  progress shown("consumer", report.in_log.record_count);
  for (;;) {
    auto tables = verification::open(where);
    if (!tables)
      return tables.error();
    const auto offsets = (*tables)->offsets();
    if (!offsets)
      return offsets.error();
    report.in_tables.next_offsets =
        next_offsets_of(*offsets, servers.kafka.group_id, servers.kafka.topic, report.in_log.parts.size());
    const auto lag = sum_lag(report.in_log, report.in_tables);
    if (lag == 0 || clock::now() + poll_period > deadline)
      return std::move(*tables);
    shown.show(report.in_log.record_count - std::min(lag, report.in_log.record_count));
    std::this_thread::sleep_for(poll_period);
  }
}

outcome<void> look(const server_settings& servers, clock::duration wait, verify_report& report) {
  if (auto scanned = scan_topic(servers.kafka, report.in_log); !scanned)
    return scanned;
  auto tables = open_caught_up(servers, report, clock::now() + wait);
  if (!tables)
    return tables.error();
  if (auto noted = note_end_now(servers.kafka, report.in_log); !noted)
    return noted;
  if (auto scanned = scan_dead_letters(servers.kafka, report.in_log); !scanned)
    return scanned;
  check_offsets(report.in_log, report.in_tables, report.found);
  if (auto checked = check_rows(**tables, report.in_log, report.in_tables, report.found); !checked)
    return checked;
  return check_ratings(**tables, report.found);
}

int run(const verify_options& options, std::FILE* results) {
  const auto servers = options.servers.resolve();
  if (!servers)
    return exit_status::config;
  verify_report report;
  if (auto looked = look(*servers, std::chrono::seconds(options.wait_seconds), report); !looked)
    return report_failure(looked.error());
  if (options.as_json)
    print_line(results, to_json(report));
  else
    std::fputs(to_text(report).c_str(), results);
  return report.found.empty() ? exit_status::ok : exit_status::found;
}

} // namespace

void add_verify(CLI::App& app, command& chosen) {
  auto options = std::make_shared<verify_options>();
  auto* verify = app.add_subcommand(
      "verify", "Proves, or disproves with a list, what must always be true of topic and tables");
  verify->footer(details + app.get_footer());
  options->servers.add_to(*verify);
  add_seconds(*verify, "--wait", options->wait_seconds, "How long the consumer may take to catch up");
  verify->add_flag("--json", options->as_json, "One JSON object instead of text");
  verify->callback(
      [options, &chosen] { chosen = [options](std::FILE* results) { return run(*options, results); }; });
}

} // namespace reviews::ctl
