// Bare librdkafka: records with acks=all and idempotence, a fixed number of
// them awaiting acknowledgement. Also fills the topic that consumers drain.

#include "actors/model/review_json.hpp"
#include "tests/bench/kafka_client.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/options.hpp"
#include "tests/bench/sample_reviews.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

using namespace reviews;
using namespace reviews::bench;

namespace {

using clock_type = std::chrono::steady_clock;

struct sample {
  std::string vendor_id;
  std::string value;
};

sample make_sample(const sample_reviews& from, std::uint64_t index) {
  const auto what = from.taken_in(index);
  sample result{what.vendor_id, {}};
  append_json(result.value, view_of(what));
  return result;
}

class window_producer {
public:
  window_producer(const std::string& bootstrap, const std::string& topic, const std::string& linger,
                  std::size_t window)
      : client_(make_producer(bootstrap, linger)), queue_(rd_kafka_queue_get_main(client_.get())),
        topic_(rd_kafka_topic_new(client_.get(), topic.c_str(), nullptr)), sent_at_(window) {
    for (std::size_t slot = 0; slot < window; ++slot)
      free_slots_.push_back(slot);
  }

  bool has_room() const { return !free_slots_.empty(); }
  bool is_idle() const { return free_slots_.size() == sent_at_.size(); }

  void send(const sample& what) {
    const auto slot = free_slots_.back();
    free_slots_.pop_back();
    sent_at_[slot] = clock_type::now();
    if (rd_kafka_produce(topic_.get(), RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY,
                         const_cast<char*>(what.value.data()), what.value.size(), what.vendor_id.data(),
                         what.vendor_id.size(), &sent_at_[slot]) != 0)
      throw std::runtime_error("produce: expected room, got an error");
  }

  /// Waits for acknowledgements; counts each latency. Returns how many came.
  std::size_t take(ctl::latency_histogram& latencies) {
    std::size_t count = 0;
    kafka::event_ptr event(rd_kafka_queue_poll(queue_.get(), 100));
    const auto now = clock_type::now();
    while (const auto* message = event ? rd_kafka_event_message_next(event.get()) : nullptr) {
      if (message->err)
        throw std::runtime_error(rd_kafka_err2str(message->err));
      const auto* sent_at = static_cast<clock_type::time_point*>(message->_private);
      latencies.add(now - *sent_at);
      free_slots_.push_back(static_cast<std::size_t>(sent_at - sent_at_.data()));
      ++count;
    }
    return count;
  }

private:
  kafka::client_ptr client_;
  kafka::queue_ptr queue_;
  kafka::topic_ptr topic_;
  std::vector<clock_type::time_point> sent_at_;
  std::vector<std::size_t> free_slots_;
};

/// Sends `next()` with the window full until `is_over(acknowledged)`, then waits for the rest.
template <class Next, class IsOver>
std::size_t run(window_producer& to, ctl::latency_histogram& latencies, Next next, IsOver is_over) {
  std::size_t sent = 0;
  std::size_t acknowledged = 0;
  while (!is_over(sent)) {
    while (to.has_room() && !is_over(sent)) {
      to.send(next(sent));
      ++sent;
    }
    acknowledged += to.take(latencies);
  }
  while (!to.is_idle())
    acknowledged += to.take(latencies);
  return acknowledged;
}

} // namespace

int main(int argc, char** argv) {
  const options given(argc, argv, "Bare librdkafka produce, acks=all, idempotent.",
                      {{"bootstrap", "127.0.0.1:9092"},
                       {"topic", "reviews.v1"},
                       {"window", "64"},
                       {"linger", "2"},
                       {"seconds", "4"},
                       {"warm-up", "1"},
                       {"reviews", "0"},
                       {"vendors", "1000"},
                       {"pool", "4096"}});
  const sample_reviews samples(seed_of_now(), given.number("vendors"));
  window_producer to(given.text("bootstrap"), given.text("topic"), given.text("linger"),
                     given.number("window"));
  ctl::latency_histogram latencies;
  if (const auto wanted = given.number("reviews"); wanted > 0) { // each with an id of its own
    const measure whole;
    const auto count = run(
        to, latencies, [&](std::size_t i) { return make_sample(samples, i); },
        [=](std::size_t sent) { return sent == wanted; });
    whole.print(count, describe(latencies));
    return EXIT_SUCCESS;
  }
  std::vector<sample> pool;
  for (std::size_t i = 0; i < given.number("pool"); ++i)
    pool.push_back(make_sample(samples, i));
  const auto next = [&](std::size_t i) -> const sample& { return pool[i % pool.size()]; };
  const measure warm_up;
  run(to, latencies, next, [&](std::size_t) { return warm_up.seconds() >= double(given.number("warm-up")); });
  latencies = {};
  const measure steady;
  const auto count = run(to, latencies, next,
                         [&](std::size_t) { return steady.seconds() >= double(given.number("seconds")); });
  steady.print(count, describe(latencies));
}
