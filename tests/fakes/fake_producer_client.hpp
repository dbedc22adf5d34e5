#pragma once

#include "actors/ports/producer_client.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace reviews {

/// A broker in a test's hands: keeps what is produced until the test delivers it.
struct fake_broker {
  struct sent {
    record what;
    std::uint64_t token;
  };

  std::vector<sent> in_flight;
  std::vector<delivery> ready;
  std::vector<record> written;
  std::function<void()> wake;
  std::optional<failure> fail_next_produce;
  std::size_t clients_count = 0;
  std::optional<failure> fail_next_client;
  bool acknowledges_at_once = false;
  std::optional<failure> end_reason;

  /// Acknowledges the oldest in flight.
  void acknowledge() {
    auto first = std::move(in_flight.front());
    in_flight.erase(in_flight.begin());
    written.push_back(first.what);
    ready.push_back({first.token, receipt{0, static_cast<std::int64_t>(written.size()) - 1}});
    call();
  }

  /// Fails the oldest in flight.
  void refuse(failure why) {
    auto first = std::move(in_flight.front());
    in_flight.erase(in_flight.begin());
    ready.push_back({first.token, std::move(why)});
    call();
  }

  void call() {
    if (ready.size() == 1 && wake)
      wake();
  }
};

class fake_producer_client final : public producer_client {
public:
  explicit fake_producer_client(std::shared_ptr<fake_broker> broker) : broker_(std::move(broker)) {}
  ~fake_producer_client() override {
    broker_->wake = nullptr;
    broker_->in_flight.clear();
    broker_->ready.clear();
  }

  void on_deliveries(std::function<void()> wake) override { broker_->wake = std::move(wake); }

  outcome<void> produce(record&& r, std::uint64_t token) override {
    if (broker_->fail_next_produce)
      return *std::exchange(broker_->fail_next_produce, {});
    broker_->in_flight.push_back({std::move(r), token});
    if (broker_->acknowledges_at_once)
      broker_->acknowledge();
    return boost::system::in_place_value;
  }

  void take_deliveries(std::vector<delivery>& out) override {
    for (auto& each : broker_->ready)
      out.push_back(std::move(each));
    broker_->ready.clear();
  }

  std::optional<failure> end_reason() const override { return broker_->end_reason; }

  outcome<std::int32_t> partition_count(std::chrono::milliseconds) override { return 1; }

private:
  std::shared_ptr<fake_broker> broker_;
};

/// Builds clients of `broker`; counts them.
inline producer_client_factory make_fake_producer_factory(std::shared_ptr<fake_broker> broker) {
  return [broker]() -> outcome<producer_client_ptr> {
    if (broker->fail_next_client)
      return *std::exchange(broker->fail_next_client, {});
    ++broker->clients_count;
    return producer_client_ptr(std::make_unique<fake_producer_client>(broker));
  };
}

} // namespace reviews
