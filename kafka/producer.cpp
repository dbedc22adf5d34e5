#include "kafka/producer.hpp"

#include "actors/model/log.hpp"
#include "kafka/client_config.hpp"
#include "kafka/kafka_error.hpp"
#include "kafka/message.hpp"
#include "kafka/metadata.hpp"
#include "kafka/wake_up.hpp"

#include <array>
#include <iterator>
#include <list>
#include <optional>

namespace reviews::kafka {
namespace {

/// A record under way. librdkafka points into it, so its address never changes.
struct outbound {
  record content;
  std::uint64_t token = 0;
  std::list<outbound>::iterator self;
};

rd_kafka_vu_t pointer_argument(rd_kafka_vtype_t type, void* what) {
  rd_kafka_vu_t result{};
  result.vtype = type;
  result.u.ptr = what;
  return result;
}

rd_kafka_vu_t memory_argument(rd_kafka_vtype_t type, std::optional<std::string>& bytes) {
  rd_kafka_vu_t result{};
  result.vtype = type;
  result.u.mem.ptr = bytes ? bytes->data() : nullptr;
  result.u.mem.size = bytes ? bytes->size() : 0;
  return result;
}

class producer final : public producer_client {
public:
  producer(client_ptr client, std::string topic)
      : client_(std::move(client)), topic_(std::move(topic)), queue_(rd_kafka_queue_get_main(client_.get())),
        handle_(rd_kafka_topic_new(client_.get(), topic_.c_str(), nullptr)) {}

  ~producer() override {
    wake_up_.clear(queue_.get());
    rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    handle_.reset();
    queue_.reset();
    client_.reset(); // joins librdkafka's threads: nobody points into `under_way_` any more
  }

  void on_deliveries(std::function<void()> wake) override { wake_up_.set(queue_.get(), std::move(wake)); }

  outcome<void> produce(record&& r, std::uint64_t token) override {
    if (fatal_)
      return *fatal_;
    auto& node = make_node();
    node.content = std::move(r);
    node.token = token;
    error_ptr error = hand_over(node);
    if (!error)
      return {};
    const auto code = rd_kafka_error_code(error.get());
    failure result = to_failure(code, topic_, "a record to be taken", rd_kafka_error_string(error.get()));
    if (result.code == ec::broken)
      result = fatal_failure(client_.get(), topic_);
    drop(node);
    return result;
  }

  void take_deliveries(std::vector<delivery>& out) override {
    while (event_ptr event{rd_kafka_queue_poll(queue_.get(), 0)})
      take(event.get(), &out);
    out.insert(out.end(), std::make_move_iterator(early_.begin()), std::make_move_iterator(early_.end()));
    early_.clear();
  }

  std::optional<failure> end_reason() const override { return fatal_; }

  outcome<std::int32_t> partition_count(std::chrono::milliseconds timeout) override {
    refusal_.reset();
    auto answer = kafka::partition_count(client_.get(), topic_, timeout);
    if (answer || answer.error().code != ec::unavailable)
      return answer;
    // Brokers that refuse us look like brokers out of reach, but for their error events.
    while (event_ptr event{rd_kafka_queue_poll(queue_.get(), 0)})
      take(event.get(), &early_);
    if (!early_.empty())
      wake_up_.call_now();
    return refusal_ ? outcome<std::int32_t>(*refusal_) : answer;
  }

private:
  /// Nodes are used again: as many stay as were ever under way at once.
  outbound& make_node() {
    if (spare_.empty())
      spare_.emplace_front();
    under_way_.splice(under_way_.begin(), spare_, spare_.begin());
    auto& node = under_way_.front();
    node.self = under_way_.begin();
    return node;
  }

  void drop(outbound& node) {
    node.content = {};
    spare_.splice(spare_.begin(), under_way_, node.self);
  }

  error_ptr hand_over(outbound& node) {
    std::array<rd_kafka_vu_t, 5> arguments = {
        pointer_argument(RD_KAFKA_VTYPE_OPAQUE, &node),
        memory_argument(RD_KAFKA_VTYPE_KEY, node.content.key),
        memory_argument(RD_KAFKA_VTYPE_VALUE, node.content.value),
    };
    arguments[3].vtype = RD_KAFKA_VTYPE_RKT;
    arguments[3].u.rkt = handle_.get();
    std::size_t count = 4;
    headers_ptr headers;
    if (!node.content.headers.empty()) {
      headers = make_headers(node.content.headers);
      arguments[4].vtype = RD_KAFKA_VTYPE_HEADERS;
      arguments[4].u.headers = headers.get();
      count = 5;
    }
    error_ptr error(rd_kafka_produceva(client_.get(), arguments.data(), count));
    if (!error)
      static_cast<void>(headers.release()); // the message's now
    return error;
  }

  void take(rd_kafka_event_t* event, std::vector<delivery>* out) {
    switch (rd_kafka_event_type(event)) {
    case RD_KAFKA_EVENT_DR:
      while (const auto* message = rd_kafka_event_message_next(event))
        deliver(*message, *out);
      break;
    case RD_KAFKA_EVENT_ERROR: take_error(event); break;
    default: break;
    }
  }

  void deliver(const rd_kafka_message_t& message, std::vector<delivery>& out) {
    auto* node = static_cast<outbound*>(message._private);
    if (message.err)
      out.push_back({node->token, failure_of(message)});
    else if (message.offset < 0)
      out.push_back({node->token, unplaced_failure(topic_)});
    else
      out.push_back({node->token, receipt{message.partition, message.offset}});
    drop(*node);
  }

  failure failure_of(const rd_kafka_message_t& message) const {
    failure result = delivery_failure(message.err, rd_kafka_message_status(&message), topic_);
    if (message.err == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT)
      result.code = ec::outcome_unknown;
    if (fatal_ && result.code == ec::unavailable)
      return *fatal_;
    return result;
  }

  void take_error(rd_kafka_event_t* event) {
    const auto code = rd_kafka_event_error(event);
    const char* text = rd_kafka_event_error_string(event);
    if (rd_kafka_event_error_is_fatal(event) || code == RD_KAFKA_RESP_ERR__FATAL) {
      fatal_ = fatal_failure(client_.get(), topic_);
      log::error("kafka_producer_broken", {{"topic", topic_}, {"reason", fatal_->detail}});
      rd_kafka_purge(client_.get(),
                     RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
      return;
    }
    auto what = to_failure(code, topic_, "a working connection", text ? text : "");
    log::warning("kafka_producer_error", {{"topic", topic_}, {"reason", what.detail}});
    if (what.code == ec::refused)
      refusal_ = std::move(what);
  }

  client_ptr client_;
  std::string topic_;
  queue_ptr queue_;
  topic_ptr handle_;
  wake_up wake_up_;
  std::list<outbound> under_way_;
  std::list<outbound> spare_;
  std::vector<delivery> early_;    ///< Taken from the queue while it was asked for something else.
  std::optional<failure> fatal_;   ///< Why this client is done for.
  std::optional<failure> refusal_; ///< Why brokers do not let us in, as last heard.
};

} // namespace

producer_client_factory make_producer_factory(kafka_params params, std::string topic) {
  return [params = std::move(params), topic = std::move(topic)]() -> outcome<producer_client_ptr> {
    auto client = make_client(params, role::producer, RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
    if (!client)
      return client.error();
    return producer_client_ptr(std::make_unique<producer>(std::move(*client), topic));
  };
}

} // namespace reviews::kafka
