// The consumer as one would write it by hand: librdkafka, simdjson and libpq on
// one thread with one connection, the contract's transaction, no actors, no
// validation, no group, no metrics.

#include "actors/model/review_id.hpp"
#include "actors/model/timestamp.hpp"
#include "tests/bench/contract_store.hpp"
#include "tests/bench/kafka_client.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/optional_text.hpp"
#include "tests/bench/options.hpp"

#include <cstdlib>
#include <stdexcept>

using namespace reviews;
using namespace reviews::bench;

namespace {

review decode(simdjson::dom::parser& parser, const rd_kafka_message_t& message) {
  const simdjson::dom::object document = parser.parse(static_cast<const char*>(message.payload), message.len);
  const auto text = [&](const char* name) { return std::string_view(document[name]); };
  const auto id = parse_review_id(text("review_id"));
  const auto created_at = parse_rfc3339(text("created_at"));
  if (!id || !created_at)
    throw std::runtime_error("record: expected a review, got something else");
  return review{*id,
                std::string(text("vendor_id")),
                std::string(text("author")),
                static_cast<int>(std::int64_t(document["rating"])),
                optional_text(document, "title"),
                optional_text(document, "text"),
                *created_at};
}

class batcher {
public:
  batcher(std::size_t partitions, std::size_t rows_max, contract_store& to)
      : batches_(partitions), rows_max_(rows_max), to_(to) {}

  void add(const rd_kafka_message_t& message) {
    auto& batch = batches_.at(static_cast<std::size_t>(message.partition));
    batch.partition = message.partition;
    batch.rows.push_back({decode(parser_, message), message.offset});
    if (batch.rows.size() == rows_max_)
      flush(batch);
  }

  void flush_all() {
    for (auto& batch : batches_)
      if (!batch.rows.empty())
        flush(batch);
  }

private:
  void flush(plain_batch& batch) {
    batch.from_offset = batch.next_offset;
    batch.next_offset = batch.rows.back().offset + 1;
    to_.store(batch);
    batch.rows.clear();
  }

  std::vector<plain_batch> batches_;
  std::size_t rows_max_;
  contract_store& to_;
  simdjson::dom::parser parser_;
};

} // namespace

int main(int argc, char** argv) {
  const options given(argc, argv, "librdkafka, simdjson and libpq on one thread, without actors.",
                      {{"bootstrap", "127.0.0.1:9092"},
                       {"topic", "reviews.v1"},
                       {"url", "postgresql://reviews@localhost:5432/reviews"},
                       {"records", "100000"},
                       {"batch", "1000"}});
  const measure whole;
  const auto client = make_reader(given.text("bootstrap"), given.text("topic"));
  const auto partitions = partition_count(client.get(), given.text("topic"));
  const kafka::queue_ptr queue(rd_kafka_queue_get_consumer(client.get()));
  contract_store store(given.text("url"), "direct", given.text("topic"));
  batcher batches(static_cast<std::size_t>(partitions), given.number("batch"), store);
  std::vector<rd_kafka_message_t*> messages(given.number("batch"));
  std::size_t count = 0;
  while (count < given.number("records")) {
    const auto got = rd_kafka_consume_batch_queue(queue.get(), 100, messages.data(), messages.size());
    for (ssize_t i = 0; i < got; ++i) {
      auto* message = messages[static_cast<std::size_t>(i)];
      if (!message->err) {
        batches.add(*message);
        ++count;
      }
      rd_kafka_message_destroy(message);
    }
  }
  batches.flush_all();
  whole.print(count);
  std::_Exit(EXIT_SUCCESS); // what is measured is over; closing takes its time
}
