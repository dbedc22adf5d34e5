#pragma once

#include "actors/interfaces.hpp"
#include "actors/metrics.hpp"
#include "actors/model/backoff.hpp"
#include "actors/ports/review_reader.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <optional>

namespace reviews {

/// The actor around one database connection that only reads. Blocks: spawn it
/// detached. A read that fails never ends it, so that no trouble of the
/// database's spends the budget of restarts that posting lives on.
///
/// After a read found the database out of reach, or was refused, reads fail at
/// once until a short pause (0.1 s, doubling to 1 s) is over: whoever waits
/// behind the attempt to connect does not wait for one attempt each. A read that
/// the database itself ended (`failure::is_server_there`) is no such finding.
class reader_state {
public:
  static inline const char* name = "reader";

  explicit reader_state(reader_actor::pointer self);
  void init(review_reader_ptr database, reader_metrics* metrics);
  reader_actor::behavior_type make_behavior();

private:
  template <class Answer, class Read>
  caf::result<Answer> answer(Read&& read);
  template <class Read>
  auto attempt(Read&& read) -> decltype(read());
  void note(const failure& why);
  void note_answer();

  reader_actor::pointer self_;
  review_reader_ptr database_;
  reader_metrics* metrics_ = nullptr; ///< May be null.
  backoff pauses_;
  std::optional<failure> away_; ///< Why the database is out of reach, until it answers.
  std::chrono::steady_clock::time_point try_at_{};
  bool is_draining_ = false;
};

/// Starts a READER with a connection of its own, made at the first read.
/// @param metrics May be null.
reader_actor::behavior_type reader(reader_actor::stateful_pointer<reader_state> self,
                                   const review_reader_factory& make_database, reader_metrics* metrics);

} // namespace reviews
