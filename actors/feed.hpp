#pragma once

#include "actors/actor_address.hpp"
#include "actors/actor_pool.hpp"
#include "actors/feed_metrics.hpp"
#include "actors/interfaces.hpp"
#include "actors/model/commit_waiters.hpp"
#include "actors/model/event_ring.hpp"
#include "actors/model/pipeline_view.hpp"
#include "actors/model/recent_commits.hpp"
#include "actors/params.hpp"

#include <caf/response_promise.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace reviews {

/// Wakes FEED once a second while it watches.
struct feed_tick {};

/// Wakes FEED: rows may be read again.
struct feed_read {};

/// Wakes FEED: the time of a waiter is over.
struct feed_due {
  std::uint64_t generation = 0; ///< An older one is stale.
};

using feed_private_actor =
    feed_actor::extend<caf::reacts_to<feed_tick>, caf::reacts_to<feed_read>, caf::reacts_to<feed_due>>;

/// What the feed is given at its start.
struct feed_setup {
  std::string topic;
  std::string group_id;
  feed_params params;
  std::shared_ptr<event_ring> ring; ///< Survives a restart, and with it the listeners.
  pool_ptr<reader_actor> readers;
  address_ptr<log_watch_actor> log;
  feed_metrics* metrics = nullptr;
};

/// Tells of what was stored. A commit notice answers those who wait for a record
/// of its range; only where it leaves open what became of a record is the row
/// read. While somebody listens, and a while after, FEED watches: rows of the
/// newest reviews are read, a few at a time, and become events, and once a
/// second the state of the whole pipeline is told. Otherwise a notice is kept
/// unread and forgotten soon.
class feed_state {
public:
  static inline const char* name = "feed";
  using pointer = feed_private_actor::pointer;

  /// Rows of one read, and reviews that wait to be read; of more the newest are told.
  static constexpr std::size_t read_rows_max = 25;
  static constexpr std::size_t unread_max = 100;
  /// A row costs the reads after it this long a pause: 100 events a second at most.
  static constexpr std::chrono::milliseconds pause_a_row{10};
  static constexpr std::chrono::milliseconds read_pause_min{50};
  /// Reports of consumers kept for whoever comes to listen.
  static constexpr std::size_t reports_max = 64;
  /// How long FEED watches after the last listener has left.
  static constexpr std::chrono::seconds watch_on{30};

  explicit feed_state(pointer self) : self_(self) {}
  ~feed_state();
  void init(feed_setup setup);
  feed_private_actor::behavior_type make_behavior();

private:
  using time_point = std::chrono::steady_clock::time_point;

  /// A waiter whose row must be read to know what became of its record.
  struct doubt {
    commit_waiter who;
    heard_commit_ptr by;
  };

  /// A review to be told.
  struct news {
    noticed_review what;
    heard_commit_ptr by;
  };

  // feed.cpp: notices and who waits for them
  void hear(const heard_notice& what);
  void change_listening(bool is_listening);
  caf::result<commit_awaited> await(const await_commit& what);
  void settle(const commit_waiter& who, const heard_commit_ptr& by);
  void read_doubts();
  void resolve(const std::vector<doubt>& asked, const std::vector<stored_review>& rows);
  void answer(std::uint64_t token, commit_story story);
  void answer_all();
  void wake_when_due();
  void show_waiters();
  reader_actor next_reader();
  time_point now() const;

  // feed_watch.cpp: events and who listens to them
  void watch();
  void tick();
  void stop_watching();
  void keep_report(const heard_notice& what);
  void take_report(const std::string& payload, time_point heard_at);
  void look_at_pipeline();
  void read_offsets();
  void tell_status();
  void note_commit(const heard_commit_ptr& by);
  void read_news();
  void tell_news(const std::vector<news>& asked, const std::vector<stored_review>& rows);
  void read_news_after(std::chrono::milliseconds pause);
  void skip(std::size_t count);

  pointer self_;
  std::optional<feed_setup> setup_;
  bool is_listening_ = false; ///< To commits.
  bool is_draining_ = false;

  std::optional<recent_commits> recent_;
  std::optional<commit_waiters> waiters_;
  std::unordered_map<std::uint64_t, caf::response_promise> promises_; ///< By the waiter's token.
  std::uint64_t last_token_ = 0;
  std::deque<doubt> doubts_; ///< Not asked yet; those whose time is over are passed over.
  bool is_reading_doubts_ = false;
  std::uint64_t due_generation_ = 0;
  std::optional<time_point> due_at_; ///< When the timer of that generation rings.

  bool is_watching_ = false;
  bool is_silent_ = false;                                 ///< Nobody listened at the last tick.
  std::deque<std::pair<time_point, std::string>> reports_; ///< Of consumers, while nobody listens.
  time_point last_listened_at_{};                          ///< To events, by anybody.
  std::optional<pipeline_view> view_;
  bool is_log_asked_ = false;
  std::uint64_t ticks_ = 0;
  std::deque<news> unread_;
  bool is_reading_news_ = false; ///< Or pauses after a read.
  std::size_t skipped_ = 0;      ///< Stored since the last event and not told.
  std::size_t reader_ = 0;
};

/// Starts the FEED.
feed_private_actor::behavior_type feed(feed_private_actor::stateful_pointer<feed_state> self,
                                       const feed_setup& setup);

} // namespace reviews

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::feed_tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::feed_read)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::feed_due)
