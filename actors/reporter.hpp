#pragma once

#include "actors/actor_address.hpp"
#include "actors/actor_pool.hpp"
#include "actors/interfaces.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstddef>
#include <optional>
#include <set>
#include <string>

namespace reviews {

/// Wakes REPORTER: the next report is due.
struct make_report {};

using reporter_private_actor = reporter_actor::extend<caf::reacts_to<make_report>>;

/// What the reporter is given at its start.
struct reporter_setup {
  std::string topic;
  std::string group_id;
  std::string consumer; ///< The process, as in `batch_handler`.
  address_ptr<group_consumer_actor> group;
  pool_ptr<writer_actor> writers; ///< The first one that has no report of ours before it sends.
};

/// Tells on `consumer_channel` once a second which partitions this process has and
/// how they fare. A report waits behind the batch that its writer is storing, maybe
/// for a lock, so the next one goes to another writer; each has one under way at
/// most. One that cannot be sent is lost, as the next one says it all anew.
class reporter_state {
public:
  static inline const char* name = "reporter";
  using pointer = reporter_private_actor::pointer;

  explicit reporter_state(pointer self) : self_(self) {}
  void init(reporter_setup setup);
  reporter_private_actor::behavior_type make_behavior();

private:
  void ask();
  void send(const partitions_reported& what);
  std::optional<std::size_t> idle_writer() const;
  void report_later();

  pointer self_;
  reporter_setup setup_;
  std::set<std::size_t> asked_; ///< Writers that have not answered yet, by number.
  bool is_failing_ = false;     ///< Logged once.
};

/// Starts the REPORTER.
reporter_private_actor::behavior_type reporter(reporter_private_actor::stateful_pointer<reporter_state> self,
                                               const reporter_setup& setup);

} // namespace reviews

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::make_report)
