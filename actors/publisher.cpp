#include "actors/publisher.hpp"

#include "actors/error.hpp"
#include "actors/model/log.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_clock.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace reviews {

namespace {

/// A token names the request's slot and the record's place in it.
constexpr int index_bits = 32;

std::uint64_t make_token(std::uint32_t slot, std::size_t index) {
  return (std::uint64_t{slot} << index_bits) | index;
}

} // namespace

publisher_state::~publisher_state() {
  client_.reset(); // no wake-up after this
  for (auto& each : requests_) {
    if (!each.promise.pending())
      continue;
    for (auto& result : each.results)
      if (!result && result.error().code == ec::outcome_unknown && result.error().detail.empty())
        result = failure{ec::outcome_unknown, "publisher: expected an acknowledgement, got none", {}};
    metrics_->in_flight.Decrement(static_cast<double>(each.results.size()));
    metrics_->in_flight_bytes.Decrement(static_cast<double>(each.bytes));
    each.promise.deliver(records_published{std::move(each.results)});
  }
  if (drain_promise_)
    drain_promise_->deliver(drained{});
}

void publisher_state::init(const publisher_params& params, producer_client_factory make_client,
                           publisher_metrics& metrics) {
  window_ = {params.in_flight_reviews_max, params.in_flight_bytes_max};
  make_client_ = std::move(make_client);
  metrics_ = &metrics;
}

publisher_private_actor::behavior_type publisher_state::make_behavior() {
  auto client = make_client_();
  if (client) {
    client_ = std::move(*client);
    auto weak = caf::actor_cast<caf::weak_actor_ptr>(self_);
    client_->on_deliveries([weak] {
      if (auto strong = weak.lock())
        caf::anon_send(caf::actor_cast<publisher_private_actor>(strong), deliveries_ready{});
    });
  } else {
    log::error("publisher_failed", {{"reason", client.error().detail}});
    self_->quit(to_error(client.error()));
  }
  return {
      [this](publish_records& what) -> caf::result<records_published> {
        if (is_draining_)
          return to_error({ec::shutting_down, "publisher: expected it running, got a drain", {}});
        publish(what);
        return caf::delegated<records_published>{};
      },
      [this](const set_window& what) {
        window_.set_limits(what.window.in_flight_reviews_max, what.window.in_flight_bytes_max);
      },
      [this](drain) -> caf::result<drained> {
        is_draining_ = true;
        if (window_.reviews() == 0)
          return drained{};
        drain_promise_ = self_->make_response_promise();
        return caf::delegated<drained>{};
      },
      [this](describe) -> description {
        return {self_->mailbox().size(), window_.reviews(), is_draining_ ? "draining" : "running"};
      },
      [this](deliveries_ready) { take_deliveries(); },
  };
}

void publisher_state::publish(publish_records& what) {
  auto promise = self_->make_response_promise();
  const auto count = what.records.size();
  std::size_t bytes = 0;
  for (const auto& each : what.records)
    bytes += bytes_of(each);
  if (!window_.try_admit(count, bytes)) {
    promise.deliver(to_error(overloaded()));
    return;
  }
  if (count == 0) {
    promise.deliver(records_published{});
    return;
  }
  auto slot = open_slot();
  auto& mine = requests_[slot];
  mine.promise = std::move(promise);
  mine.results.assign(count, failure{ec::outcome_unknown, {}, {}}); // the words are found when it counts
  mine.missing_count = count;
  mine.bytes = bytes;
  mine.admitted_at = std::chrono::steady_clock::now();
  metrics_->in_flight.Increment(static_cast<double>(count));
  metrics_->in_flight_bytes.Increment(static_cast<double>(bytes));
  hand_over(slot, what.records);
}

void publisher_state::hand_over(std::uint32_t slot, std::vector<record>& records) {
  for (std::size_t i = 0; i < records.size(); ++i) {
    auto taken = client_->produce(std::move(records[i]), make_token(slot, i));
    if (!taken)
      settle(slot, i, taken.error());
  }
  if (broken_)
    self_->quit(to_error(*broken_));
}

void publisher_state::take_deliveries() {
  if (!client_)
    return;
  deliveries_.clear();
  client_->take_deliveries(deliveries_);
  const auto acknowledged_count = std::count_if(deliveries_.begin(), deliveries_.end(),
                                                [](const delivery& each) { return each.result.has_value(); });
  if (acknowledged_count > 0)
    drain_.note_drained(static_cast<std::size_t>(acknowledged_count), now());
  for (auto& each : deliveries_)
    settle(static_cast<std::uint32_t>(each.token >> index_bits),
           static_cast<std::size_t>(each.token & ((std::uint64_t{1} << index_bits) - 1)),
           std::move(each.result));
  if (!broken_ && window_.reviews() == 0)
    broken_ = client_->end_reason();
  if (broken_) {
    log::error("publisher_failed", {{"reason", broken_->detail}});
    self_->quit(to_error(*broken_));
  }
}

void publisher_state::settle(std::uint32_t slot, std::size_t index, outcome<receipt> result) {
  auto& mine = requests_[slot];
  if (!result && result.error().code == ec::broken) {
    broken_ = result.error();
    result = failure{ec::outcome_unknown, result.error().detail, {}};
  }
  if (result)
    metrics_->published_total.Increment();
  mine.results[index] = result ? std::move(result) : with_pause(result.error());
  if (--mine.missing_count == 0)
    finish(slot);
}

void publisher_state::finish(std::uint32_t slot) {
  auto& mine = requests_[slot];
  const auto count = mine.results.size();
  window_.release(count, mine.bytes);
  metrics_->in_flight.Decrement(static_cast<double>(count));
  metrics_->in_flight_bytes.Decrement(static_cast<double>(mine.bytes));
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - mine.admitted_at;
  metrics_->publish_duration_seconds.Observe(took.count());
  mine.promise.deliver(records_published{std::move(mine.results)});
  mine = {};
  free_slots_.push_back(slot);
  if (drain_promise_ && window_.reviews() == 0) {
    drain_promise_->deliver(drained{});
    drain_promise_.reset();
  }
}

std::uint32_t publisher_state::open_slot() {
  if (free_slots_.empty()) {
    requests_.emplace_back();
    return static_cast<std::uint32_t>(requests_.size() - 1);
  }
  auto slot = free_slots_.back();
  free_slots_.pop_back();
  return slot;
}

failure publisher_state::overloaded() {
  return with_pause({ec::overloaded, "publisher: expected room in the window, got it full", {}});
}

failure publisher_state::with_pause(failure why) {
  if (why.code == ec::overloaded)
    why.retry_after = drain_.pause_for(window_.reviews(), now());
  else if (why.code == ec::unavailable)
    why.retry_after = drain_.pause_in_outage(now());
  return why;
}

std::chrono::steady_clock::time_point publisher_state::now() const {
  return self_->clock().now();
}

publisher_private_actor::behavior_type
publisher(publisher_private_actor::stateful_pointer<publisher_state> self, const publisher_params& params,
          const producer_client_factory& make_client, publisher_metrics* metrics) {
  end_on_exception(self);
  self->state.init(params, make_client, *metrics); // CAF 1.x: constructor arguments
  return self->state.make_behavior();
}

} // namespace reviews
