#include "db/offset_move.hpp"
#include "deploy/reviewctl/command.hpp"
#include "deploy/reviewctl/exit_status.hpp"
#include "deploy/reviewctl/offset_plan.hpp"
#include "deploy/reviewctl/text.hpp"
#include "kafka/group.hpp"
#include "kafka/topics.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <memory>

namespace reviews::ctl {

using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr auto ask_timeout = 10s;

const std::string show_details =
    R"(next_offset, in Postgres, decides; committed is what Kafka's own lag tools see. lag counts
offsets, so it may include a transaction's markers, which nobody reads.

  reviewctl offsets show --json
)";

const std::string set_details =
    R"(Moves next_offset in Postgres, where the consumer goes on; all partitions named in one
transaction, and only from the offsets just shown. Backwards is harmless: what is stored is
recognised by its review_id (a record that is no review gets a second dead letter). Forwards
leaves records out for good and wants --allow-skip.

Stop the consumers first; --wait is for members whose session is not over yet. With --force
a running consumer is fenced at its next batch and goes on at the new offset; a partition that
has stopped (offset_gone) is taken up when its consumer is started again.

  reviewctl offsets set --partition 3 --to 100 --dry-run
  reviewctl offsets set --all-partitions --to 2026-11-22T17:00:00Z
  reviewctl offsets set --partition 3 --to begin         # after offset_gone
  reviewctl offsets set --partition 3 --to end --allow-skip
)";

struct offsets_options {
  server_options servers;
  std::vector<std::int32_t> partitions;
  bool all_partitions = false;
  offset_target to;
  bool allow_skip = false;
  bool is_forced = false;
  bool is_dry_run = false;
  bool as_json = false;
  int wait_seconds = 15;
};

std::string text_of(std::optional<std::int64_t> offset) {
  return offset ? std::to_string(*offset) : "-";
}

json::value value_of(std::optional<std::int64_t> offset) {
  return offset ? json::value(*offset) : json::value(nullptr);
}

std::string note_of(const partition_view& view) {
  if (view.gone_count() > 0)
    return "offset gone: " + std::to_string(view.gone_count()) + " records removed by retention";
  return view.is_outside() ? "offset beyond the log" : "";
}

int show_offsets(const offsets_options& options, std::FILE* results) {
  const auto servers = options.servers.resolve();
  if (!servers)
    return exit_status::config;
  const auto views = view_partitions(*servers);
  if (!views)
    return report_failure(views.error());
  if (!options.as_json)
    print_line(results, padded("partition", 11) + padded("begin", 12) + padded("end", 12) +
                            padded("next_offset", 13) + padded("committed", 12) + "lag");
  for (const auto& each : *views) {
    if (options.as_json) {
      print_line(results, json::serialize(json::object{{"partition", each.partition},
                                                       {"begin", each.log.begin},
                                                       {"end", each.log.end},
                                                       {"next_offset", value_of(each.stored)},
                                                       {"committed", value_of(each.committed)},
                                                       {"lag", each.lag()},
                                                       {"gone", each.gone_count()}}));
      continue;
    }
    const auto note = note_of(each);
    print_line(results, padded(std::to_string(each.partition), 11) +
                            padded(std::to_string(each.log.begin), 12) +
                            padded(std::to_string(each.log.end), 12) + padded(text_of(each.stored), 13) +
                            padded(text_of(each.committed), 12) + std::to_string(each.lag()) +
                            (note.empty() ? "" : "  " + note));
  }
  return exit_status::ok;
}

/// `fenced` while the group has members.
outcome<void> expect_no_members(const server_settings& servers, std::chrono::seconds wait) {
  const auto deadline = std::chrono::steady_clock::now() + wait;
  return wait_for("the group's members to be gone", deadline, [&]() -> outcome<void> {
    const auto group = kafka::describe_group(servers.kafka, ask_timeout);
    if (!group)
      return group.error();
    if (group->members.empty())
      return {};
    return failure{ec::unavailable,
                   servers.kafka.group_id + ": expected no members, got " +
                       std::to_string(group->members.size()) +
                       ": stop the consumers first, or see --force in offsets set --help",
                   {}};
  });
}

/// The offset that the target means in each partition, index = partition.
outcome<std::vector<std::int64_t>> offsets_at(const offset_target& to, const server_settings& servers,
                                              const std::vector<partition_view>& views) {
  std::vector<std::optional<std::int64_t>> of_time(views.size());
  if (to.what == offset_target::kind::time) {
    auto found = kafka::offsets_since(servers.kafka, servers.kafka.topic, to.time, ask_timeout);
    if (!found)
      return found.error();
    of_time = std::move(*found);
    of_time.resize(views.size());
  }
  std::vector<std::int64_t> result;
  for (std::size_t i = 0; i < views.size(); ++i) {
    const auto& log = views[i].log;
    switch (to.what) {
    case offset_target::kind::begin: result.push_back(log.begin); break;
    case offset_target::kind::end: result.push_back(log.end); break;
    case offset_target::kind::offset: result.push_back(to.offset); break;
    case offset_target::kind::time:
      result.push_back(std::clamp(of_time[i].value_or(log.end), log.begin, log.end));
      break;
    }
  }
  return result;
}

outcome<std::vector<offset_plan>> make_plans(const offsets_options& options, const server_settings& servers) {
  const auto views = view_partitions(servers);
  if (!views)
    return views.error();
  const auto targets = offsets_at(options.to, servers, *views);
  if (!targets)
    return targets.error();
  auto partitions = options.partitions;
  for (std::size_t i = 0; options.all_partitions && i < views->size(); ++i)
    partitions.push_back(static_cast<std::int32_t>(i));
  std::sort(partitions.begin(), partitions.end());
  partitions.erase(std::unique(partitions.begin(), partitions.end()), partitions.end());
  std::vector<offset_plan> plans;
  for (const auto partition : partitions) {
    const auto index = static_cast<std::size_t>(partition);
    if (partition < 0 || index >= views->size())
      return failure{ec::invalid,
                     "--partition: expected 0 to " + std::to_string(views->size() - 1) + ", got " +
                         std::to_string(partition),
                     {}};
    const auto plan = plan_offset((*views)[index], (*targets)[index]);
    if (!plan)
      return plan.error();
    plans.push_back(*plan);
  }
  return plans;
}

int carry_out(const std::vector<offset_plan>& plans, const server_settings& servers, std::FILE* results) {
  std::vector<offset_move> moves;
  for (const auto& each : plans)
    if (each.changes())
      moves.push_back({each.partition, each.from, each.to});
  if (const auto moved = move_offsets(servers.database, servers.kafka.group_id, servers.kafka.topic, moves);
      !moved)
    return report_failure(moved.error());
  for (const auto& each : plans)
    print_line(results, account_of(each, true));
  return exit_status::ok;
}

int set_offsets(const offsets_options& options, std::FILE* results) {
  if (options.partitions.empty() && !options.all_partitions) {
    complain("offsets set: expected --partition or --all-partitions, got neither");
    return exit_status::usage;
  }
  const auto servers = options.servers.resolve();
  if (!servers)
    return exit_status::config;
  if (!options.is_forced && !options.is_dry_run)
    if (const auto alone = expect_no_members(*servers, std::chrono::seconds(options.wait_seconds)); !alone)
      return report_failure(alone.error());
  const auto plans = make_plans(options, *servers);
  if (!plans && plans.error().code == ec::invalid) {
    complain(plans.error().detail);
    return exit_status::usage;
  }
  if (!plans)
    return report_failure(plans.error());
  const bool skips = std::any_of(plans->begin(), plans->end(),
                                 [](const offset_plan& each) { return each.skipped_count > 0; });
  if (!options.is_dry_run && (options.allow_skip || !skips))
    return carry_out(*plans, *servers, results);
  for (const auto& each : *plans)
    print_line(results, account_of(each, false));
  if (options.is_dry_run) {
    print_line(results, "nothing was moved");
    return exit_status::ok;
  }
  complain("offsets set: expected --allow-skip for records that would never be stored, got none: nothing was "
           "moved");
  return exit_status::found;
}

void add_show(CLI::App& offsets, command& chosen) {
  auto options = std::make_shared<offsets_options>();
  auto* show = offsets.add_subcommand("show", "Where each partition stands, by Postgres and by Kafka");
  show->footer(show_details + offsets.get_parent()->get_footer());
  options->servers.add_to(*show);
  show->add_flag("--json", options->as_json, "One JSON object a partition");
  show->callback([options, &chosen] {
    chosen = [options](std::FILE* results) { return show_offsets(*options, results); };
  });
}

void add_set(CLI::App& offsets, command& chosen) {
  auto options = std::make_shared<offsets_options>();
  auto* set = offsets.add_subcommand("set", "Moves the stored offsets and says what that means");
  set->footer(set_details + offsets.get_parent()->get_footer());
  options->servers.add_to(*set);
  auto* some = set->add_option("--partition", options->partitions, "Which; repeatable")
                   ->allow_extra_args(false)
                   ->type_name("N");
  set->add_flag("--all-partitions", options->all_partitions, "All of them")->excludes(some);
  set->add_option_function<std::string>(
         "--to",
         [options = options.get()](const std::string& text) {
           const auto to = parse_offset_target(text, now_utc());
           if (!to)
             throw CLI::ValidationError("--to", "expected begin, end, an offset or a time, got " + text);
           options->to = *to;
         },
         "begin, end, an offset, or the first record of a time: RFC 3339, or 2h ago as 2h")
      ->type_name("WHERE")
      ->required();
  set->add_flag("--allow-skip", options->allow_skip, "Records may be left out for good");
  set->add_flag("--force", options->is_forced, "Also while the group has members");
  set->add_flag("--dry-run", options->is_dry_run, "Says what would happen, moves nothing");
  add_seconds(*set, "--wait", options->wait_seconds, "How long the group's members may take to be gone");
  set->callback([options, &chosen] {
    chosen = [options](std::FILE* results) { return set_offsets(*options, results); };
  });
}

} // namespace

void add_offsets(CLI::App& app, command& chosen) {
  auto* offsets = app.add_subcommand("offsets", "Stored offsets: show, set");
  offsets->require_subcommand(1);
  offsets->footer("  reviewctl offsets show\n  reviewctl offsets set --partition 3 --to begin --dry-run\n" +
                  app.get_footer());
  add_show(*offsets, chosen);
  add_set(*offsets, chosen);
}

} // namespace reviews::ctl
