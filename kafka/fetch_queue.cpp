#include "kafka/fetch_queue.hpp"

#include "actors/model/log.hpp"
#include "kafka/kafka_error.hpp"
#include "kafka/message.hpp"

namespace reviews::kafka {

fetch_queue::fetch_queue(rd_kafka_t* client, queue_ptr queue, std::shared_ptr<const fetch_reminder> reminder,
                         std::string topic, std::int32_t partition, std::int64_t from)
    : client_(client), queue_(std::move(queue)), reminder_(std::move(reminder)), topic_(std::move(topic)),
      partition_(partition), starts_at_begin_(from < 0), next_offset_(from) {}

fetch_queue::~fetch_queue() {
  close();
}

void fetch_queue::on_ready(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  if (queue_)
    wake_up_.set(queue_.get(), std::move(wake));
}

pulled fetch_queue::pull(std::size_t records_max, const std::function<void(const fetched_record&)>& visit) {
  pulled result;
  const std::lock_guard lock(mutex_);
  while (queue_ && result.records_count < records_max) {
    message_ptr message(rd_kafka_consume_queue(queue_.get(), 0));
    if (!message)
      break;
    ++taken_.records_count;
    taken_.bytes_count += message->key_len + message->len;
    if (!message->err)
      result.records_count += take(*message, visit) ? 1 : 0;
    else if (auto problem = problem_of(*message)) {
      result.problem = std::move(problem);
      break;
    }
  }
  if (queue_)
    reminder_->remind(taken_);
  return result;
}

bool fetch_queue::take(const rd_kafka_message_t& message,
                       const std::function<void(const fetched_record&)>& visit) {
  if (message.offset < next_offset_)
    return false;
  next_offset_ = message.offset + 1;
  visit(message_view(message));
  return true;
}

std::optional<failure> fetch_queue::problem_of(const rd_kafka_message_t& message) const {
  const std::string subject = topic_ + " partition " + std::to_string(partition_);
  const char* text = rd_kafka_message_errstr(&message);
  failure what = to_failure(message.err, subject, "records", text ? text : "");
  if (what.code == ec::offset_gone && starts_at_begin_ && next_offset_ < 0)
    what.code = ec::unavailable; // the log has a beginning; only asking for it failed
  const bool has_stopped = what.code == ec::offset_gone || what.code == ec::broken ||
                           message.err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET ||
                           message.err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
  if (has_stopped)
    return what;
  log::warning("kafka_fetch_failed", {{"partition", partition_}, {"reason", what.detail}});
  return std::nullopt; // librdkafka tries again by itself
}

bool fetch_queue::holds_work(std::int64_t stored_offset) const {
  const std::lock_guard lock(mutex_);
  return next_offset_ > stored_offset || (queue_ && rd_kafka_queue_length(queue_.get()) > 0);
}

std::int64_t fetch_queue::end_offset() const {
  const std::lock_guard lock(mutex_);
  std::int64_t low = -1;
  std::int64_t high = -1;
  if (!queue_ || rd_kafka_get_watermark_offsets(client_, topic_.c_str(), partition_, &low, &high))
    return -1;
  return high < 0 ? -1 : high;
}

void fetch_queue::close() {
  const std::lock_guard lock(mutex_);
  if (!queue_)
    return;
  wake_up_.clear(queue_.get());
  queue_.reset();
  client_ = nullptr;
}

} // namespace reviews::kafka
