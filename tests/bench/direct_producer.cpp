// The producer as one would write it by hand: Beast, simdjson and librdkafka on
// one thread, no actors, few checks, no metrics, no bounds.

#include "actors/model/review_id.hpp"
#include "actors/model/review_json.hpp"
#include "tests/bench/kafka_client.hpp"
#include "tests/bench/optional_text.hpp"
#include "tests/bench/options.hpp"

#include <boost/asio.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <stdexcept>

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using namespace reviews;
using namespace reviews::bench;

namespace {

class session;

/// A review that awaits its acknowledgement.
struct pending {
  std::shared_ptr<session> from;
  std::size_t index = 0;
  review what;
};

class publisher {
public:
  publisher(asio::io_context& loop, const options& given)
      : loop_(loop), client_(make_producer(given.text("bootstrap"), given.text("linger"))),
        queue_(rd_kafka_queue_get_main(client_.get())),
        topic_(rd_kafka_topic_new(client_.get(), given.text("topic").c_str(), nullptr)) {
    rd_kafka_queue_cb_event_enable(queue_.get(), &publisher::wake, this);
  }

  void publish(std::unique_ptr<pending> review) {
    value_.clear();
    append_json(value_, view_of(review->what));
    const auto& key = review->what.vendor_id;
    const auto error = rd_kafka_producev(
        client_.get(), RD_KAFKA_V_RKT(topic_.get()), RD_KAFKA_V_KEY(key.data(), key.size()),
        RD_KAFKA_V_VALUE(value_.data(), value_.size()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_HEADER("content-type", "application/json", -1),
        RD_KAFKA_V_HEADER("schema", "review/1", -1), RD_KAFKA_V_OPAQUE(review.get()), RD_KAFKA_V_END);
    if (error)
      throw std::runtime_error(rd_kafka_err2str(error));
    static_cast<void>(review.release()); // comes back with the delivery report
  }

private:
  static void wake(rd_kafka_t*, void* self) {
    asio::post(static_cast<publisher*>(self)->loop_, [self] { static_cast<publisher*>(self)->take(); });
  }

  void take();

  asio::io_context& loop_;
  kafka::client_ptr client_;
  kafka::queue_ptr queue_;
  kafka::topic_ptr topic_;
  std::string value_;
};

class session : public std::enable_shared_from_this<session> {
public:
  session(tcp::socket socket, publisher& to) : socket_(std::move(socket)), to_(to) {}

  void read() {
    asked_ = {};
    http::async_read(socket_, buffer_, asked_, [self = shared_from_this()](auto error, std::size_t) {
      if (!error)
        self->take_in();
    });
  }

  void acknowledged(std::size_t index, const review& what, const rd_kafka_message_t& message) {
    auto& out = receipts_[index];
    out.assign(R"({"review_id":")");
    append_to(out, what.id);
    out.append(R"(","vendor_id":)");
    append_json_string(out, what.vendor_id);
    out.append(R"(,"status":"accepted","partition":)").append(std::to_string(message.partition));
    out.append(R"(,"offset":)").append(std::to_string(message.offset)).append(R"(,"created_at":")");
    append_rfc3339(out, what.created_at);
    out.append("\"}");
    if (--missing_count_ == 0)
      answer(message.err ? http::status::service_unavailable : http::status::accepted, what);
  }

private:
  void take_in() {
    const bool is_batch = asked_[http::field::content_type] == "application/x-ndjson";
    std::vector<std::unique_ptr<pending>> taken;
    std::string_view rest(asked_.body());
    while (!rest.empty()) {
      const auto end = is_batch ? std::min(rest.find('\n'), rest.size()) : rest.size();
      auto decoded = decode(rest.substr(0, end));
      if (!decoded)
        return answer(http::status::unprocessable_entity, {});
      taken.push_back(
          std::make_unique<pending>(pending{shared_from_this(), taken.size(), std::move(*decoded)}));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (taken.empty())
      return answer(http::status::bad_request, {});
    missing_count_ = taken.size();
    receipts_.resize(taken.size());
    for (auto& each : taken)
      to_.publish(std::move(each));
  }

  static std::optional<review> decode(std::string_view json) {
    static simdjson::dom::parser parser;
    simdjson::dom::object members;
    if (parser.parse(json.data(), json.size()).get(members) != simdjson::SUCCESS)
      return std::nullopt;
    std::string_view vendor_id, author;
    std::int64_t rating = 0;
    if (members["vendor_id"].get(vendor_id) || members["author"].get(author) ||
        members["rating"].get(rating) || rating < 1 || rating > 5)
      return std::nullopt;
    const auto now = now_utc();
    return review{make_review_id(now),
                  std::string(vendor_id),
                  std::string(author),
                  static_cast<int>(rating),
                  optional_text(members, "title"),
                  optional_text(members, "text"),
                  now};
  }

  void answer(http::status status, const review& what) {
    answer_ = {status, 11};
    answer_.set(http::field::content_type, "application/json");
    auto& body = answer_.body();
    if (receipts_.size() == 1) {
      answer_.set(http::field::location, "/v1/reviews/" + reviews::to_string(what.id));
      body = receipts_.front();
    } else {
      body = R"({"accepted":)" + std::to_string(receipts_.size()) + R"(,"rejected":0,"results":[)";
      for (const auto& each : receipts_)
        body.append(each).push_back(',');
      body.back() = ']';
      body.push_back('}');
    }
    answer_.prepare_payload();
    http::async_write(socket_, answer_, [self = shared_from_this()](auto error, std::size_t) {
      if (!error)
        self->read();
    });
  }

  tcp::socket socket_;
  publisher& to_;
  boost::beast::flat_buffer buffer_;
  http::request<http::string_body> asked_;
  http::response<http::string_body> answer_;
  std::vector<std::string> receipts_;
  std::size_t missing_count_ = 0;
};

void publisher::take() {
  while (kafka::event_ptr event{rd_kafka_queue_poll(queue_.get(), 0)})
    while (const auto* message = rd_kafka_event_message_next(event.get())) {
      const std::unique_ptr<pending> done(static_cast<pending*>(message->_private));
      done->from->acknowledged(done->index, done->what, *message);
    }
}

void accept(tcp::acceptor& acceptor, publisher& to) {
  acceptor.async_accept([&](auto error, tcp::socket socket) {
    if (error)
      return;
    socket.set_option(tcp::no_delay(true));
    std::make_shared<session>(std::move(socket), to)->read();
    accept(acceptor, to);
  });
}

} // namespace

int main(int argc, char** argv) {
  const options given(
      argc, argv, "Beast, simdjson and librdkafka on one thread, without actors.",
      {{"port", "8080"}, {"bootstrap", "127.0.0.1:9092"}, {"topic", "reviews.v1"}, {"linger", "2"}});
  asio::io_context loop(1);
  publisher to(loop, given);
  tcp::acceptor acceptor(
      loop, {asio::ip::address_v4::loopback(), static_cast<unsigned short>(given.number("port"))});
  accept(acceptor, to);
  loop.run();
}
