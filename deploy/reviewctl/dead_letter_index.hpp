#pragma once

#include "actors/model/failure.hpp"
#include "actors/ports/consumer_client.hpp"
#include "deploy/reviewctl/dead_letter_filter.hpp"
#include "kafka/params.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace reviews::ctl {

/// Which dead letters of the topic pass a filter, and what became of them; some
/// 300 bytes a letter. Letters of one record, which the consumer has read more than
/// once, count as one: the oldest that has no marker. Letters and markers may be
/// added in any order, also later ones.
class dead_letter_index {
public:
  explicit dead_letter_index(dead_letter_filter filter) : filter_(std::move(filter)) {}

  /// Adds a record of the dead-letter topic: a letter or a marker.
  void add(log_place id, timestamp written_at, record what);

  /// The chosen letters, oldest first, at most `limit`: those that are open, or
  /// all where the filter says so.
  std::vector<log_place> chosen(std::size_t limit) const;

  bool has(log_place id) const { return identities_.contains(id); }

  /// `open`, `replayed` or `dropped`.
  std::string state_of(log_place id) const;

  /// The letters that need a marker when `id` is resolved: itself and its like.
  std::vector<log_place> likes_of(log_place id) const;

  /// How many letters are open and pass the filter, by the partition of the origin.
  std::map<std::int32_t, std::size_t> open_by_origin() const;

private:
  /// What letters of one record have in common: its place and a hash of its content,
  /// as a topic that was made anew has the same places once more.
  using identity = std::tuple<std::string, log_place, std::size_t>;

  struct of_record {
    std::vector<std::pair<timestamp, log_place>> letters;
    bool passes = false;
  };

  static identity identity_of(const dead_letter& letter);
  /// The oldest letter without marker; none when all have one.
  const std::pair<timestamp, log_place>* open_letter_of(const of_record& each) const;

  dead_letter_filter filter_;
  std::map<identity, of_record> records_;
  std::map<log_place, identity> identities_; ///< By letter.
  std::map<log_place, std::string> verdicts_;
};

/// Walks the dead-letter topic from `from` (index: partition; missing ones from
/// their beginning) to its end as of now into `index`. Returns where it ended.
outcome<std::vector<offset_range>> scan_into(const kafka_params& where, const std::vector<offset_range>& from,
                                             dead_letter_index& index);

/// Reads the given letters again, with their content, each partition's in order.
/// `visit` returns false to end early.
outcome<void> visit_letters(const kafka_params& where, const std::vector<log_place>& ids,
                            const std::function<bool(dead_letter)>& visit);

} // namespace reviews::ctl
