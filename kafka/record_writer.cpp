#include "kafka/record_writer.hpp"

#include "kafka/client_config.hpp"
#include "kafka/kafka_error.hpp"
#include "kafka/message.hpp"

#include <array>

namespace reviews::kafka {
namespace {

using namespace std::chrono_literals;
using results = std::vector<outcome<receipt>>;

rd_kafka_vu_t argument(rd_kafka_vtype_t type) {
  rd_kafka_vu_t result{};
  result.vtype = type;
  return result;
}

rd_kafka_vu_t bytes_argument(rd_kafka_vtype_t type, const std::optional<std::string>& bytes) {
  auto result = argument(type);
  result.u.mem.ptr = bytes ? const_cast<char*>(bytes->data()) : nullptr; // copied, never written to
  result.u.mem.size = bytes ? bytes->size() : 0;
  return result;
}

class writer final : public record_writer {
public:
  explicit writer(client_ptr client)
      : client_(std::move(client)), queue_(rd_kafka_queue_get_main(client_.get())) {}

  ~writer() override {
    rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    queue_.reset();
    client_.reset();
  }

  results write(const std::vector<addressed_record>& records) override {
    results answers;
    std::size_t awaited = 0;
    for (const auto& each : records) {
      auto handed_over = hand_over(each, answers.size());
      awaited += handed_over.has_value();
      answers.push_back(handed_over ? outcome<receipt>(failure{ec::outcome_unknown, each.topic}) // so far
                                    : outcome<receipt>(handed_over.error()));
    }
    while (awaited > 0)
      if (event_ptr event{rd_kafka_queue_poll(queue_.get(), 100)})
        awaited -= take(event.get(), answers);
    return answers;
  }

private:
  outcome<void> hand_over(const addressed_record& to, std::size_t index) {
    auto headers = make_headers(to.what.headers);
    std::array<rd_kafka_vu_t, 7> arguments = {argument(RD_KAFKA_VTYPE_TOPIC),
                                              argument(RD_KAFKA_VTYPE_PARTITION),
                                              argument(RD_KAFKA_VTYPE_MSGFLAGS),
                                              bytes_argument(RD_KAFKA_VTYPE_KEY, to.what.key),
                                              bytes_argument(RD_KAFKA_VTYPE_VALUE, to.what.value),
                                              argument(RD_KAFKA_VTYPE_OPAQUE),
                                              argument(RD_KAFKA_VTYPE_HEADERS)};
    arguments[0].u.cstr = to.topic.c_str();
    arguments[1].u.i32 = to.partition.value_or(RD_KAFKA_PARTITION_UA);
    arguments[2].u.i = RD_KAFKA_MSG_F_COPY;
    arguments[5].u.ptr = reinterpret_cast<void*>(index); // NOLINT(performance-no-int-to-ptr)
    arguments[6].u.headers = headers.get();
    error_ptr error(rd_kafka_produceva(client_.get(), arguments.data(), arguments.size()));
    if (error)
      return to_failure(rd_kafka_error_code(error.get()), to.topic, "a record to be taken",
                        rd_kafka_error_string(error.get()));
    static_cast<void>(headers.release()); // the message's now
    return {};
  }

  /// Returns how many answers the event held.
  static std::size_t take(rd_kafka_event_t* event, results& answers) {
    std::size_t count = 0;
    if (rd_kafka_event_type(event) != RD_KAFKA_EVENT_DR)
      return count;
    while (const auto* message = rd_kafka_event_message_next(event)) {
      auto& answer = answers.at(reinterpret_cast<std::size_t>(message->_private));
      if (message->err)
        answer = delivery_failure(message->err, rd_kafka_message_status(message),
                                  rd_kafka_topic_name(message->rkt));
      else
        answer = receipt{message->partition, message->offset};
      ++count;
    }
    return count;
  }

  client_ptr client_;
  queue_ptr queue_;
};

} // namespace

outcome<std::unique_ptr<record_writer>> record_writer::make(const kafka_params& params) {
  auto client = make_client(params, role::producer, RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
  if (!client)
    return client.error();
  return std::unique_ptr<record_writer>(std::make_unique<writer>(std::move(*client)));
}

} // namespace reviews::kafka
