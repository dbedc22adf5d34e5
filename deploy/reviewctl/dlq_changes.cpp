// The verbs of `dlq` that write: replay and drop.

#include "deploy/reviewctl/dead_letter_index.hpp"
#include "deploy/reviewctl/dead_letter_text.hpp"
#include "deploy/reviewctl/dlq.hpp"
#include "deploy/reviewctl/exit_status.hpp"
#include "deploy/reviewctl/interrupt.hpp"
#include "deploy/reviewctl/progress.hpp"
#include "deploy/reviewctl/text.hpp"
#include "kafka/record_writer.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace reviews::ctl {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t batch_records_max = 500;
constexpr std::size_t batch_bytes_max = 8u << 20;
constexpr double batches_a_second = 5; ///< At least, where a rate is set and not lower.

enum class change { replay, drop };

constexpr const char* name_of(change what) {
  return what == change::replay ? "replay" : "drop";
}

constexpr const char* past_of(change what) {
  return what == change::replay ? "replayed" : "dropped";
}

/// Why this letter cannot be replayed; empty when it can.
std::string why_not(change what, const dead_letter& letter, const std::string& topic) {
  if (what == change::drop)
    return {};
  if (letter.dropped_value_bytes)
    return "expected its value, got a letter whose value of " + std::to_string(*letter.dropped_value_bytes) +
           " bytes was too large to keep; it stands at " + to_text(letter.origin) + " of the topic";
  if (letter.topic != topic)
    return "expected a record of " + topic + ", got one of " +
           (letter.topic.empty() ? "no topic" : shown(letter.topic));
  return {};
}

/// Carries letters to their end in batches.
class letter_mover {
public:
  letter_mover(change what, const kafka_params& where, kafka::record_writer& writer,
               const dead_letter_index& index, std::optional<double> rate, std::size_t total)
      : what_(what), where_(where), writer_(writer), index_(index), rate_(rate), shown_(name_of(what), total),
        batch_max_(rate ? std::clamp<std::size_t>(std::size_t(*rate / batches_a_second), 1, batch_records_max)
                        : batch_records_max) {}

  /// False when the work must end: interrupted, or the broker failed.
  bool take(dead_letter letter) {
    if (const auto why = why_not(what_, letter, where_.topic); !why.empty()) {
      complain(to_text(letter.id) + ": " + why);
      ++skipped_count_;
      return !is_interrupted();
    }
    bytes_ += bytes_of(letter.what);
    batch_.push_back(std::move(letter));
    return batch_.size() < batch_max_ && bytes_ < batch_bytes_max ? !is_interrupted() : flush();
  }

  bool flush() {
    if (batch_.empty() || !wait_for_turn())
      return !is_interrupted();
    auto letters = std::exchange(batch_, {});
    bytes_ = 0;
    if (what_ == change::replay)
      write_records(letters);
    mark(letters);
    shown_.show(done_count_);
    return !failure_ && !is_interrupted();
  }

  std::size_t done_count() const { return done_count_; }
  std::size_t skipped_count() const { return skipped_count_; }
  const std::optional<failure>& error() const { return failure_; }

private:
  /// Sleeps until the rate allows the next batch; false when interrupted.
  bool wait_for_turn() {
    const auto due = start_ + std::chrono::duration_cast<clock::duration>(
                                  std::chrono::duration<double>(rate_ ? double(sent_count_) / *rate_ : 0.0));
    while (clock::now() < due && !is_interrupted())
      std::this_thread::sleep_for(
          std::min<clock::duration>(due - clock::now(), std::chrono::milliseconds(100)));
    sent_count_ += batch_.size();
    return !is_interrupted();
  }

  /// Leaves in `letters` what the broker has taken.
  void write_records(std::vector<dead_letter>& letters) {
    std::vector<kafka::addressed_record> records;
    for (const auto& each : letters)
      records.push_back({where_.topic, std::nullopt, make_replay(each)});
    const auto results = writer_.write(records);
    std::vector<dead_letter> taken;
    for (std::size_t i = 0; i < letters.size(); ++i) {
      if (results[i])
        taken.push_back(std::move(letters[i]));
      else
        note(letters[i].id, results[i].error());
    }
    letters = std::move(taken);
  }

  /// Marks the letters and their likes; the first marker of each decides.
  void mark(const std::vector<dead_letter>& letters) {
    std::vector<kafka::addressed_record> markers;
    std::vector<std::size_t> first_markers;
    for (const auto& each : letters) {
      first_markers.push_back(markers.size());
      for (const auto& id : index_.likes_of(each.id))
        markers.push_back({where_.dlq_topic, id.partition, make_marker({id, past_of(what_)})});
    }
    const auto results = writer_.write(markers);
    for (std::size_t i = 0; i < letters.size(); ++i) {
      const auto& result = results[first_markers[i]];
      done_count_ += result.has_value();
      if (!result)
        note(letters[i].id, result.error());
    }
  }

  void note(log_place id, const failure& why) {
    complain(to_text(id) + ": not " + past_of(what_) + ": " + why.detail);
    ++skipped_count_;
    if (why.code != ec::invalid)
      failure_ = why;
  }

  change what_;
  const kafka_params& where_;
  kafka::record_writer& writer_;
  const dead_letter_index& index_;
  std::optional<double> rate_;
  progress shown_;
  std::size_t batch_max_;
  std::vector<dead_letter> batch_;
  std::size_t bytes_ = 0;
  std::size_t sent_count_ = 0;
  std::size_t done_count_ = 0;
  std::size_t skipped_count_ = 0;
  std::optional<failure> failure_;
  clock::time_point start_ = clock::now();
};

int move(change what, const dlq_options& options, const kafka_params& where, const dead_letter_index& index,
         const std::vector<log_place>& ids, std::FILE* results) {
  auto writer = kafka::record_writer::make(where);
  if (!writer)
    return report_failure(writer.error());
  end_on_interrupt();
  const auto start = clock::now();
  letter_mover mover(what, where, **writer, index, options.rate, ids.size());
  const auto visited =
      visit_letters(where, ids, [&](dead_letter letter) { return mover.take(std::move(letter)); });
  mover.flush();
  const std::chrono::duration<double> took = clock::now() - start;
  print_line(results, std::string(past_of(what)) + " " + std::to_string(mover.done_count()) + " of " +
                          std::to_string(ids.size()) + " dead letters in " + fixed(took.count(), 1) + " s" +
                          (mover.skipped_count() ? ", not " + std::to_string(mover.skipped_count()) : ""));
  if (mover.error())
    return report_failure(*mover.error());
  if (!visited)
    return report_failure(visited.error());
  return mover.done_count() == ids.size() ? exit_status::ok : exit_status::found;
}

int preview(change what, const kafka_params& where, const dead_letter_index& index,
            const std::vector<log_place>& ids, std::FILE* results) {
  std::map<log_place, std::string> rows;
  std::size_t possible_count = 0;
  const auto visited = visit_letters(where, ids, [&](const dead_letter& letter) {
    const auto why = why_not(what, letter, where.topic);
    possible_count += why.empty();
    rows[letter.id] =
        table_row(letter, index.state_of(letter.id)) + (why.empty() ? "" : "  not: " + why + "\n");
    return true;
  });
  if (!visited)
    return report_failure(visited.error());
  std::fputs(rows.empty() ? "" : table_heading().c_str(), results);
  for (const auto& id : ids)
    std::fputs(rows[id].c_str(), results);
  print_line(results, "would " + std::string(name_of(what)) + " " + std::to_string(possible_count) +
                          " dead letters; nothing was written");
  return exit_status::ok;
}

int change_letters(change what, const dlq_options& options, std::FILE* results) {
  if (options.filter.is_open() && !options.all_of_them && !options.is_dry_run) {
    complain("dlq " + std::string(name_of(what)) +
             ": expected an ID, a filter or --all-of-them, got none: it would " + name_of(what) +
             " every open dead letter");
    return exit_status::usage;
  }
  const auto servers = options.servers.resolve();
  if (!servers)
    return exit_status::config;
  dead_letter_index index(options.filter);
  if (const auto scanned = scan_into(servers->kafka, {}, index); !scanned)
    return report_failure(scanned.error());
  const auto ids = index.chosen(options.letters_max);
  if (options.is_dry_run)
    return preview(what, servers->kafka, index, ids, results);
  return move(what, options, servers->kafka, index, ids, results);
}

} // namespace

int replay_letters(const dlq_options& options, std::FILE* results) {
  return change_letters(change::replay, options, results);
}

int drop_letters(const dlq_options& options, std::FILE* results) {
  return change_letters(change::drop, options, results);
}

} // namespace reviews::ctl
