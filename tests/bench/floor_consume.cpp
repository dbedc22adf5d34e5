// Bare librdkafka: reads a topic from its beginning and looks at nothing.

#include "tests/bench/kafka_client.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/options.hpp"

#include <array>
#include <cstdlib>

using namespace reviews;
using namespace reviews::bench;

int main(int argc, char** argv) {
  const options given(
      argc, argv, "Bare librdkafka consume.",
      {{"bootstrap", "127.0.0.1:9092"}, {"topic", "reviews.v1"}, {"records", "100000"}, {"batch", "1000"}});
  const measure whole;
  const auto client = make_reader(given.text("bootstrap"), given.text("topic"));
  const kafka::queue_ptr queue(rd_kafka_queue_get_consumer(client.get()));
  std::vector<rd_kafka_message_t*> messages(given.number("batch"));
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (count < given.number("records")) {
    const auto got = rd_kafka_consume_batch_queue(queue.get(), 100, messages.data(), messages.size());
    for (ssize_t i = 0; i < got; ++i) {
      auto* message = messages[static_cast<std::size_t>(i)];
      if (!message->err) {
        ++count;
        bytes += message->len;
      }
      rd_kafka_message_destroy(message);
    }
  }
  whole.print(count, {{"bytes", bytes}});
  std::_Exit(EXIT_SUCCESS); // what is measured is over; closing takes its time
}
