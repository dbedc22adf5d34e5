#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace reviews {

/// The id of a `review` event: the review's place in the topic, the same on every replica.
struct event_id {
  std::int32_t partition = -1;
  std::int64_t offset = -1;

  bool operator==(const event_id&) const = default;
};

/// `<partition>-<offset>`, as an event's `id` has it.
std::string to_string(const event_id& id);

/// Reads that form; nothing when malformed.
std::optional<event_id> parse_event_id(std::string_view text) noexcept;

class event_ring;

/// One listener's place in a ring, which it keeps alive. One owner at a time.
class ring_listener {
public:
  /// Bytes of one `take` beyond its first event.
  static constexpr std::size_t take_bytes_max = 16'384;

  ~ring_listener();
  ring_listener(const ring_listener&) = delete;
  ring_listener& operator=(const ring_listener&) = delete;

  /// Moves on over some of what there is to tell and appends it to `out`. With nothing
  /// to tell it keeps `wake` and has it called, from another thread, when there
  /// is something. Returns false once the ring is closed.
  bool take(std::string& out, std::function<void()> wake);

private:
  friend class event_ring;
  explicit ring_listener(std::shared_ptr<event_ring> of) : ring_(std::move(of)) {}

  std::shared_ptr<event_ring> ring_;
  std::uint64_t next_ = 0;        ///< The number of the event that is told next.
  std::uint64_t status_seen_ = 0; ///< The number of the status that was told last.
  std::function<void()> wake_;    ///< Set while it waits.
};

/// What listeners are told: the last review events, and of the pipeline only
/// the newest status. Every event is rendered once and shared; nothing is kept
/// for a listener but its place, so a slow one that the ring has left behind
/// jumps to the newest event, with a comment that tells how many it missed.
/// Thread-safe; made by `make_shared`.
class event_ring : public std::enable_shared_from_this<event_ring> {
public:
  /// @param events_max Review events kept, at least 1.
  /// @param bytes_max Bytes of those; the newest event is kept however large.
  /// @param listeners_max At once.
  event_ring(std::size_t events_max, std::size_t bytes_max, std::size_t listeners_max);

  /// A new listener, who is told what follows `after` when the ring has that
  /// event, else what is new from now on; and the status at once. Null when
  /// there are too many, or the ring is closed.
  std::unique_ptr<ring_listener> listen(const std::optional<event_id>& after);

  std::size_t listeners() const;

  /// Adds a complete event with its empty line; told with the next `tell`.
  void add(const event_id& id, std::string event);

  /// Replaces the status, a complete event as well.
  void set_status(std::string event);

  /// Wakes those who wait.
  void tell();

  /// Forgets all events and the status: what follows will not join on to them.
  void clear();

  /// Ends all listeners, for good.
  void close();
  bool is_closed() const;

  std::size_t events() const;
  std::size_t bytes() const;

private:
  friend class ring_listener;

  struct entry {
    event_id id;
    std::string text;
  };

  bool take(ring_listener& of, std::string& out, std::function<void()> wake);
  void forget_oldest();

  const std::size_t events_max_;
  const std::size_t bytes_max_;
  const std::size_t listeners_max_;
  mutable std::mutex mutex_;
  std::deque<entry> events_;
  std::uint64_t first_ = 0; ///< The number of the oldest event kept.
  std::size_t bytes_ = 0;
  std::string status_;
  std::uint64_t status_number_ = 0;
  std::unordered_set<ring_listener*> listeners_;
  bool is_closed_ = false;
};

} // namespace reviews
