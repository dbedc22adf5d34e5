#pragma once

#include "kafka/holders.hpp"

#include <functional>
#include <utility>

namespace reviews::kafka {

/// Calls a function when a librdkafka queue turns from empty to not empty.
///
/// librdkafka calls from its own threads while it holds the queue's lock, and
/// takes the same lock to change the callback. So once `set` or `clear` has
/// returned, the former function neither runs nor will run; and the function
/// must not touch the queue, which the ports forbid anyway ("must not block").
class wake_up {
public:
  wake_up() = default;
  wake_up(const wake_up&) = delete;
  wake_up& operator=(const wake_up&) = delete;

  /// Replaces the function; an empty one means none. What already waits in
  /// `queue` is told at once, from the caller's thread. Use one queue only.
  void set(rd_kafka_queue_t* queue, std::function<void()> wake) {
    clear(queue);
    wake_ = std::move(wake);
    if (!wake_)
      return;
    rd_kafka_queue_cb_event_enable(queue, &wake_up::call, &wake_);
    if (rd_kafka_queue_length(queue) > 0)
      wake_();
  }

  /// Calls the function, if any, from the caller's thread.
  void call_now() const {
    if (wake_)
      wake_();
  }

  /// After this nothing is called any more. Needed before `queue` or this object goes.
  void clear(rd_kafka_queue_t* queue) {
    rd_kafka_queue_cb_event_enable(queue, nullptr, nullptr);
    wake_ = nullptr;
  }

private:
  static void call(rd_kafka_t*, void* opaque) { (*static_cast<std::function<void()>*>(opaque))(); }

  std::function<void()> wake_;
};

} // namespace reviews::kafka
