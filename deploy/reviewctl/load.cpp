#include "actors/model/timestamp.hpp"
#include "deploy/reviewctl/command.hpp"
#include "deploy/reviewctl/exit_status.hpp"
#include "deploy/reviewctl/interrupt.hpp"
#include "deploy/reviewctl/load_report.hpp"
#include "deploy/reviewctl/load_run.hpp"
#include "deploy/reviewctl/progress.hpp"
#include "deploy/reviewctl/servers.hpp"
#include "deploy/reviewctl/text.hpp"

#include <CLI/CLI.hpp>

#include <sys/resource.h>

#include <memory>
#include <optional>

namespace reviews::ctl {

using clock = std::chrono::steady_clock;

namespace {

const std::string details =
    R"(Many languages and scripts, emoji, real lengths, ratings mostly 4
and 5, vendors by Zipf's law. The same seed makes the same reviews with the same ids.

With --rate the latency counts from the moment a post was due, so a slow server does not
slow its own measure down. 429, 503 (after its Retry-After), 504 and lost connections are
tried again with the same id. Ctrl-C ends early and reports. Exit status 1 unless every
review was accepted, 69 when the server was never reached.
)";

struct load_options {
  load_plan plan;
  std::string url = "http://localhost:8080";
  std::size_t vendors = 1'000;
  std::optional<std::uint64_t> seed;
  http_client_params client;
  bool as_json = false;
};

std::chrono::duration<double> cpu_time() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) { return double(t.tv_sec) + double(t.tv_usec) / 1e6; };
  return std::chrono::duration<double>(seconds(used.ru_utime) + seconds(used.ru_stime));
}

std::string suffix_of(const load_counts& counts, std::chrono::duration<double> elapsed) {
  auto text = fixed(double(counts.accepted) / std::max(elapsed.count(), 0.001), 0) + "/s";
  if (counts.rejected_count() != 0)
    text += "  rejected " + std::to_string(counts.rejected_count());
  if (counts.retried != 0)
    text += "  retried " + std::to_string(counts.retried);
  return text;
}

int exit_status_of(const load_counts& counts, std::uint64_t wanted) {
  if (counts.accepted == wanted)
    return exit_status::ok;
  const bool was_reached =
      counts.accepted != 0 || counts.rejected.empty() || counts.rejected.rbegin()->first != 0;
  return was_reached ? exit_status::found : exit_status::unavailable;
}

int run(const load_options& options, std::FILE* results) {
  const auto origin = parse_http_origin(options.url);
  if (!origin) {
    complain(origin.error().detail);
    return exit_status::usage;
  }
  auto plan = options.plan;
  plan.concurrency = options.client.connections;
  load_report report;
  report.seed = options.seed.value_or(static_cast<std::uint64_t>(now_utc().time_since_epoch().count()));
  const review_generator generator(report.seed, options.vendors);
  end_on_interrupt();
  const auto start = clock::now();
  progress shown("load", options.plan.reviews);
  load_run work(plan, generator, start, [&](load_run& self, clock::time_point now) {
    if (is_interrupted())
      self.stop();
    if (shown.is_due())
      shown.show(self.counts().accepted, suffix_of(self.counts(), now - start));
  });
  const auto posted = post_all(*origin, options.client, work);
  if (!posted)
    return report_failure(posted.error());
  report.elapsed = clock::now() - start;
  report.cpu = cpu_time();
  report.counts = work.counts();
  report.latencies = work.latencies();
  if (options.as_json)
    print_line(results, to_json(report));
  else
    std::fputs(to_text(report).c_str(), results);
  return exit_status_of(report.counts, options.plan.reviews);
}

void add_options(CLI::App& load, load_options& options) {
  load.add_option("--url", options.url, "The producer")->type_name("http://HOST[:PORT]");
  load.add_option("--reviews", options.plan.reviews, "How many")->check(CLI::Range(1, 2'000'000'000));
  load.add_option("--vendors", options.vendors, "Of how many vendors")->check(CLI::Range(1, 10'000'000));
  load.add_option("--rate", options.plan.rate, "Reviews a second; 0: as fast as answers come")
      ->check(CLI::Range(0.0, 1e7));
  load.add_option("--connections", options.client.connections, "Kept alive, one post under way on each")
      ->check(CLI::Range(1, 10'000));
  load.add_option("--batch", options.plan.batch, "Reviews a post; more than 1 as NDJSON")
      ->check(CLI::Range(1, 1'000));
  load.add_option("--retries", options.plan.retries, "Further attempts of one post")
      ->check(CLI::Range(0, 1'000));
  for (auto* each : load.get_options())
    each->capture_default_str();
  load.add_option("--seed", options.seed, "What the reviews are made from; default: the time");
  load.add_flag("--idempotency", options.plan.with_keys,
                "Idempotency-Key headers instead of a review_id in each review");
  load.add_flag("--json", options.as_json, "One JSON object instead of text");
}

} // namespace

void add_load(CLI::App& app, command& chosen) {
  auto options = std::make_shared<load_options>();
  auto* load = app.add_subcommand("load", "Posts made-up reviews");
  load->footer(details + app.get_footer());
  add_options(*load, *options);
  load->callback(
      [options, &chosen] { chosen = [options](std::FILE* results) { return run(*options, results); }; });
}

} // namespace reviews::ctl
