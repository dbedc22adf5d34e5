#include "db/migrations.hpp"
#include "deploy/reviewctl/command.hpp"
#include "deploy/reviewctl/exit_status.hpp"
#include "deploy/reviewctl/servers.hpp"
#include "deploy/reviewctl/text.hpp"
#include "kafka/topics.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

namespace reviews::ctl {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

namespace {

const std::string details =
    "A topic that exists stays as it is. The dead-letter topic takes records of 2 MiB, twice what the topic\n"
    "takes, and keeps them for 90 days.\n";

// A dead letter is its record and headers that say why: it must fit where the record did.
constexpr int record_bytes_max = 1'048'588; ///< Kafka's own default.
constexpr int dead_letter_bytes_max = 2 * 1'048'576;
constexpr std::chrono::milliseconds dead_letter_retention = std::chrono::hours(24 * 90);

constexpr int brokers_of_a_cluster = 3;

struct setup_options {
  server_options servers;
  int partitions = 6;
  int replication_factor = -1;
  int wait_seconds = 60;
  bool topics_only = false;
  bool schema_only = false;
};

kafka::topic_layout layout_of(const std::string& name, const setup_options& options) {
  kafka::topic_layout layout{
      name, options.partitions, static_cast<std::int16_t>(options.replication_factor), {}};
  layout.config["cleanup.policy"] = "delete";
  // With three copies one may be missing while acks=all goes on (and never two).
  if (options.replication_factor >= brokers_of_a_cluster)
    layout.config["min.insync.replicas"] = "2";
  return layout;
}

std::string describe(const std::string& name, const std::vector<offset_range>& ranges, int wanted) {
  std::int64_t records = 0;
  for (const auto& each : ranges)
    records += each.end - each.begin;
  auto line = "topic " + name + ": " + std::to_string(ranges.size()) + " partitions, " +
              std::to_string(records) + " records";
  if (ranges.size() != static_cast<std::size_t>(wanted))
    line += " (exists already, left as it is; " + std::to_string(wanted) + " partitions were asked for)";
  return line;
}

outcome<void> set_up_topic(const kafka_params& where, const kafka::topic_layout& layout,
                           clock::time_point deadline, std::FILE* results) {
  return wait_for("Kafka", deadline, [&]() -> outcome<void> {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock::now());
    const auto timeout = std::clamp<std::chrono::milliseconds>(left, 1s, 10s);
    if (auto made = kafka::ensure_topic(where, layout, timeout); !made)
      return made.error();
    const auto ranges = kafka::ranges_of(where, layout.name, timeout);
    if (!ranges)
      return ranges.error();
    print_line(results, describe(layout.name, *ranges, layout.partitions));
    return {};
  });
}

outcome<void> set_up_topics(const kafka_params& where, const setup_options& options,
                            clock::time_point deadline, std::FILE* results) {
  auto topic = layout_of(where.topic, options);
  topic.config["max.message.bytes"] = std::to_string(record_bytes_max);
  if (auto made = set_up_topic(where, topic, deadline, results); !made)
    return made;
  auto dead_letters = layout_of(where.dlq_topic, options);
  dead_letters.config["max.message.bytes"] = std::to_string(dead_letter_bytes_max);
  dead_letters.config["retention.ms"] = std::to_string(dead_letter_retention.count());
  return set_up_topic(where, dead_letters, deadline, results);
}

outcome<void> set_up_schema(const database_params& where, clock::time_point deadline, std::FILE* results) {
  return wait_for("Postgres", deadline, [&]() -> outcome<void> {
    const auto version = migrate(where);
    if (!version)
      return version.error();
    print_line(results, "schema: version " + std::to_string(*version));
    return {};
  });
}

int run(const setup_options& options, std::FILE* results) {
  const auto servers = options.servers.resolve();
  if (!servers)
    return exit_status::config;
  const auto deadline = clock::now() + std::chrono::seconds(options.wait_seconds);
  if (!options.schema_only)
    if (auto made = set_up_topics(servers->kafka, options, deadline, results); !made)
      return report_failure(made.error());
  if (!options.topics_only)
    if (auto made = set_up_schema(servers->database, deadline, results); !made)
      return report_failure(made.error());
  return exit_status::ok;
}

} // namespace

void add_setup(CLI::App& app, command& chosen) {
  auto options = std::make_shared<setup_options>();
  auto* setup = app.add_subcommand("setup", "Creates the topics and applies the schema; safe to repeat");
  setup->footer(details + app.get_footer());
  options->servers.add_to(*setup);
  setup->add_option("--partitions", options->partitions, "Of each topic; those of a topic that exists stay")
      ->capture_default_str()
      ->check(CLI::Range(1, 10'000));
  setup
      ->add_option(
          "--replication-factor", options->replication_factor,
          "Copies of each partition; from 3 on with min.insync.replicas=2. Default: the broker's own")
      ->check(CLI::Range(1, 100));
  add_seconds(*setup, "--wait", options->wait_seconds, "How long to wait for servers that are starting");
  auto* topics = setup->add_flag("--topics-only", options->topics_only, "No schema");
  setup->add_flag("--schema-only", options->schema_only, "No topics")->excludes(topics);
  setup->callback(
      [options, &chosen] { chosen = [options](std::FILE* results) { return run(*options, results); }; });
}

} // namespace reviews::ctl
