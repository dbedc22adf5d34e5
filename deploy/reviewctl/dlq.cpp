#include "deploy/reviewctl/dlq.hpp"

#include "deploy/reviewctl/dead_letter_index.hpp"
#include "deploy/reviewctl/dead_letter_text.hpp"
#include "deploy/reviewctl/exit_status.hpp"
#include "deploy/reviewctl/text.hpp"
#include "deploy/reviewctl/time_spec.hpp"

#include <CLI/CLI.hpp>

#include <limits>
#include <memory>

namespace reviews::ctl {

namespace {

constexpr std::size_t listed_max = 1'000;

const std::string dlq_details =
    R"(A dead letter is a record that could not be stored, kept as it was, with the reason. An ID
names it: partition and offset in the dead-letter topic, 3:17. Kafka deletes no single
records, so a letter that was replayed or dropped gets a marker behind it, and is then no
longer shown or touched. After 90 days retention removes both.

  reviewctl dlq list --reason poisoned --since 2h
  reviewctl dlq show 3:17
  reviewctl dlq replay --reason poisoned --dry-run
  reviewctl dlq replay --reason poisoned --rate 50/s
  reviewctl dlq drop 3:17
)";

const std::string list_details = R"(
  reviewctl dlq list --reason not_a_review --since 2h --vendor cafe-uno
)";

const std::string show_details = R"(A value that is no printable UTF-8 is shown as hex.

  reviewctl dlq show 3:17
)";

const std::string replay_details =
    R"(Writes the chosen records to the topic once more (acks=all, idempotent), those of one vendor
in the order in which they failed, and marks each letter as replayed when the broker has its
record. The record says in its headers how often it has failed (reviews.dlq.attempts), where
it first stood and why it failed; if it fails again, its new letter counts on. Killed in between,
a record may be replayed once more: its review_id is stored once. Letters whose value
was too large to keep are left as they are: exit status 1.

  reviewctl dlq replay --reason poisoned --vendor cafe-uno --dry-run
  reviewctl dlq replay --since 2026-11-22T17:00:00Z --until 1h --rate 50/s
  reviewctl dlq replay --all-of-them --attempts-max 2
)";

const std::string drop_details =
    R"(Marks the chosen letters as dropped: nothing is written to the topic, and they are no longer
shown or replayed. Retention removes them in the end; until then --again brings them back.

  reviewctl dlq drop 3:17 3:18
  reviewctl dlq drop --reason not_json --until 7d --dry-run
)";

int list_letters(const dlq_options& options, std::FILE* results) {
  const auto servers = options.servers.resolve();
  if (!servers)
    return exit_status::config;
  dead_letter_index index(options.filter);
  if (const auto scanned = scan_into(servers->kafka, {}, index); !scanned)
    return report_failure(scanned.error());
  const auto ids = index.chosen(options.letters_max);
  std::map<log_place, std::string> lines;
  const auto visited = visit_letters(servers->kafka, ids, [&](const dead_letter& letter) {
    const auto state = index.state_of(letter.id);
    lines[letter.id] = options.as_json ? to_json_line(letter, state) + "\n" : table_row(letter, state);
    return true;
  });
  if (!visited)
    return report_failure(visited.error());
  if (!options.as_json && !ids.empty())
    std::fputs(table_heading().c_str(), results);
  for (const auto& id : ids)
    std::fputs(lines[id].c_str(), results);
  if (const auto count = index.chosen(std::numeric_limits<std::size_t>::max()).size(); count > ids.size())
    complain("dlq list: " + std::to_string(count - ids.size()) + " more, see --limit");
  else if (ids.empty())
    complain("dlq list: no dead letters");
  return exit_status::ok;
}

int show_letters(const dlq_options& options, std::FILE* results) {
  const auto servers = options.servers.resolve();
  if (!servers)
    return exit_status::config;
  dead_letter_index index(options.filter);
  if (const auto scanned = scan_into(servers->kafka, {}, index); !scanned)
    return report_failure(scanned.error());
  std::vector<log_place> ids;
  for (const auto& id : options.filter.ids) {
    if (index.has(id))
      ids.push_back(id);
    else
      complain(to_text(id) + ": expected a dead letter, got none");
  }
  bool is_first = true;
  const auto visited = visit_letters(servers->kafka, ids, [&](const dead_letter& letter) {
    const auto state = index.state_of(letter.id);
    std::fputs(is_first || options.as_json ? "" : "\n", results);
    if (options.as_json)
      print_line(results, full_json(letter, state, options.bytes_max));
    else
      std::fputs(full_text(letter, state, options.bytes_max).c_str(), results);
    is_first = false;
    return true;
  });
  if (!visited)
    return report_failure(visited.error());
  return ids.size() == options.filter.ids.size() ? exit_status::ok : exit_status::found;
}

CLI::App& add_verb(CLI::App& dlq, command& chosen, const std::shared_ptr<dlq_options>& options,
                   const char* name, const char* help, const std::string& details,
                   int (*run)(const dlq_options&, std::FILE*)) {
  auto* verb = dlq.add_subcommand(name, help);
  verb->footer(details + dlq.get_parent()->get_footer());
  options->servers.add_to(*verb);
  verb->callback([options, &chosen, run] {
    chosen = [options, run](std::FILE* results) { return run(*options, results); };
  });
  return *verb;
}

void add_changes(CLI::App& verb, dlq_options& options) {
  add_filters(verb, options.filter);
  add_ids(verb, options.filter, false);
  verb.add_option("--limit", options.letters_max, "At most so many, the oldest")->type_name("N");
  verb.add_flag("--all-of-them", options.all_of_them, "Needed where neither filter nor ID is given");
  verb.add_flag("--again", options.filter.with_resolved, "Also those that were replayed or dropped before");
  verb.add_flag("--dry-run", options.is_dry_run, "Says what would be done, writes nothing");
}

void add_replay(CLI::App& dlq, command& chosen) {
  auto options = std::make_shared<dlq_options>();
  auto& replay = add_verb(dlq, chosen, options, "replay", "Writes them to the topic once more",
                          replay_details, replay_letters);
  add_changes(replay, *options);
  replay
      .add_option_function<std::string>(
          "--rate",
          [options = options.get()](const std::string& text) {
            options->rate = parse_rate(text);
            if (!options->rate)
              throw CLI::ValidationError("--rate", "expected records a time as 50/s or 30/m, got " + text);
          },
          "At most so many: 50/s, 30/m; default: as fast as the broker takes them")
      ->type_name("N/s");
}

} // namespace

void add_dlq(CLI::App& app, command& chosen) {
  auto* dlq = app.add_subcommand("dlq", "Dead letters: list, show, replay, drop");
  dlq->require_subcommand(1);
  dlq->footer(dlq_details + app.get_footer());

  auto listing = std::make_shared<dlq_options>();
  listing->letters_max = listed_max;
  auto& list =
      add_verb(*dlq, chosen, listing, "list", "One a line, the oldest first", list_details, list_letters);
  add_filters(list, listing->filter);
  list.add_option("--limit", listing->letters_max, "At most so many, the oldest")->capture_default_str();
  list.add_flag("--all", listing->filter.with_resolved, "Also those that were replayed or dropped");
  list.add_flag("--json", listing->as_json, "One JSON object a line");

  auto showing = std::make_shared<dlq_options>();
  auto& show = add_verb(*dlq, chosen, showing, "show", "All of one: reason, headers, value", show_details,
                        show_letters);
  add_ids(show, showing->filter, true);
  show.add_option("--bytes", showing->bytes_max, "Of the value at most")->capture_default_str();
  show.add_flag("--json", showing->as_json, "One JSON object a line");

  add_replay(*dlq, chosen);

  auto dropping = std::make_shared<dlq_options>();
  auto& drop =
      add_verb(*dlq, chosen, dropping, "drop", "Puts them aside for good", drop_details, drop_letters);
  add_changes(drop, *dropping);
}

} // namespace reviews::ctl
