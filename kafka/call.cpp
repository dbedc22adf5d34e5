#include "kafka/call.hpp"

#include "kafka/holders.hpp"
#include "kafka/kafka_error.hpp"

#include <algorithm>
#include <optional>

namespace reviews::kafka {
namespace {

/// The first refusal among the error events that wait in `queue`; none when there is none.
std::optional<failure> refusal_in(rd_kafka_queue_t* queue) {
  while (event_ptr event{rd_kafka_queue_poll(queue, 0)}) {
    if (rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_ERROR)
      continue;
    const char* text = rd_kafka_event_error_string(event.get());
    auto what =
        to_failure(rd_kafka_event_error(event.get()), "kafka", "a working connection", text ? text : "");
    if (what.code == ec::refused)
      return what;
  }
  return std::nullopt;
}

} // namespace

std::chrono::milliseconds time_left(std::chrono::steady_clock::time_point deadline) {
  using std::chrono::milliseconds;
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - std::chrono::steady_clock::now());
  return std::max(left, milliseconds(1));
}

void forget_errors(rd_kafka_t* client) {
  queue_ptr main(rd_kafka_queue_get_main(client));
  while (event_ptr event{rd_kafka_queue_poll(main.get(), 0)})
    event.reset();
}

failure explain(rd_kafka_t* client, failure otherwise) {
  if (otherwise.code != ec::unavailable)
    return otherwise;
  queue_ptr main(rd_kafka_queue_get_main(client));
  queue_ptr group(rd_kafka_queue_get_consumer(client)); // none of a producer
  auto why = refusal_in(main.get());
  if (!why && group)
    why = refusal_in(group.get());
  return why.value_or(otherwise);
}

} // namespace reviews::kafka
