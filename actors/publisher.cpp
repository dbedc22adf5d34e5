#include "actors/publisher.hpp"

#include "actors/error.hpp"
#include "actors/model/log.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_clock.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace reviews {

namespace {

/// A token names the request's slot and the record's place in it.
constexpr int index_bits = 32;

std::uint64_t make_token(std::uint32_t slot, std::size_t index) {
  return (std::uint64_t{slot} << index_bits) | index;
}

std::size_t bytes_of(std::span<const record> records) {
  std::size_t sum = 0;
  for (const auto& each : records)
    sum += reviews::bytes_of(each);
  return sum;
}

/// Takes the results of a `publish_records` to whoever asked.
class asker : public review_intake::recipient {
public:
  explicit asker(caf::response_promise promise) : promise_(std::move(promise)) {}

  void take(review_intake::results got) override {
    promise_.deliver(
        records_published{{std::make_move_iterator(got.begin()), std::make_move_iterator(got.end())}});
  }

private:
  caf::response_promise promise_;
};

} // namespace

publisher_state::~publisher_state() {
  client_.reset(); // no wake-up after this
  for (auto& each : requests_) {
    if (!each.reply)
      continue;
    for (auto& result : each.results)
      if (!result && result.error().code == ec::outcome_unknown && result.error().detail.empty())
        result = failure{ec::outcome_unknown, "publisher: expected an acknowledgement, got none", {}};
    each.reply.send(std::move(each.results));
  }
  window_.release(window_.reviews(), window_.bytes());
  report_window();
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
        const auto bytes = bytes_of(what.records);
        if (const auto why = admit(what.records.size(), bytes))
          return to_error(*why);
        publish(what.records, bytes,
                {std::make_shared<asker>(self_->make_response_promise()), what.records.size()}, now());
        end_turn();
        return caf::delegated<records_published>{};
      },
      [this](publish_posts& what) { publish(*what.posts); },
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

std::optional<failure> publisher_state::admit(std::size_t records_count, std::size_t bytes) {
  if (is_draining_)
    return failure{ec::shutting_down, "publisher: expected it running, got a drain", {}};
  if (!window_.try_admit(records_count, bytes))
    return with_pause({ec::overloaded, "publisher: expected room in the window, got it full", {}});
  return std::nullopt;
}

void publisher_state::publish(std::vector<post>& posts) {
  const auto at = now();
  for (auto& each : posts) {
    if (broken_)
      break; // the others are answered as they go
    const auto bytes = bytes_of(each.records);
    if (const auto why = admit(each.records.size(), bytes))
      each.reply.fail(*why);
    else
      publish(each.records, bytes, std::move(each.reply), at);
  }
  end_turn();
}

void publisher_state::publish(std::span<record> records, std::size_t bytes, post_reply reply, time_point at) {
  const auto count = records.size();
  if (count == 0)
    return reply.send({});
  const auto slot = open_slot();
  auto& mine = requests_[slot];
  mine.reply = std::move(reply);
  mine.results.assign(count, failure{ec::outcome_unknown, {}, {}}); // the words are found when it counts
  mine.missing_count = count;
  mine.bytes = bytes;
  mine.admitted_at = at;
  for (std::size_t i = 0; i < count; ++i)
    if (auto taken = client_->produce(std::move(records[i]), make_token(slot, i)); !taken)
      settle(slot, i, taken.error(), at);
}

void publisher_state::take_deliveries() {
  if (!client_)
    return;
  deliveries_.clear();
  client_->take_deliveries(deliveries_);
  const auto at = now();
  const auto acknowledged_count = std::count_if(deliveries_.begin(), deliveries_.end(),
                                                [](const delivery& each) { return each.result.has_value(); });
  if (acknowledged_count > 0) {
    drain_.note_drained(static_cast<std::size_t>(acknowledged_count), at);
    metrics_->published_total.Increment(static_cast<double>(acknowledged_count));
  }
  for (auto& each : deliveries_)
    settle(static_cast<std::uint32_t>(each.token >> index_bits),
           static_cast<std::size_t>(each.token & ((std::uint64_t{1} << index_bits) - 1)),
           std::move(each.result), at);
  if (!broken_ && window_.reviews() == 0)
    broken_ = client_->end_reason();
  end_turn();
}

void publisher_state::settle(std::uint32_t slot, std::size_t index, outcome<receipt> result, time_point at) {
  auto& mine = requests_[slot];
  if (!result && result.error().code == ec::broken) {
    broken_ = result.error();
    result = failure{ec::outcome_unknown, result.error().detail, {}};
  }
  mine.results[index] = result ? std::move(result) : with_pause(result.error());
  if (--mine.missing_count == 0)
    finish(slot, at);
}

void publisher_state::finish(std::uint32_t slot, time_point at) {
  auto& mine = requests_[slot];
  window_.release(mine.results.size(), mine.bytes);
  const std::chrono::duration<double> took = at - mine.admitted_at;
  metrics_->publish_duration_seconds.Observe(took.count());
  mine.reply.send(std::move(mine.results));
  mine.results.clear();
  free_slots_.push_back(slot);
  if (drain_promise_ && window_.reviews() == 0) {
    drain_promise_->deliver(drained{});
    drain_promise_.reset();
  }
}

// Once a turn: several publishers share the gauges, so each adds what has changed with it.
void publisher_state::report_window() {
  const auto tell = [](prometheus::Gauge& gauge, std::size_t is, std::size_t& was) {
    gauge.Increment(static_cast<double>(is) - static_cast<double>(std::exchange(was, is)));
  };
  tell(metrics_->in_flight, window_.reviews(), reviews_reported_);
  tell(metrics_->in_flight_bytes, window_.bytes(), bytes_reported_);
}

void publisher_state::end_turn() {
  report_window();
  drain_.note_depth(window_.reviews() > 0, window_.is_half_full(), now());
  if (!broken_)
    return;
  log::error("publisher_failed", {{"reason", broken_->detail}});
  self_->quit(to_error(*broken_));
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

failure publisher_state::with_pause(failure why) {
  if (why.code == ec::overloaded)
    why.retry_after = drain_.pause_for(window_.reviews(), now());
  else if (why.code == ec::unavailable)
    why.retry_after = drain_.pause_in_outage(now());
  return why;
}

publisher_state::time_point publisher_state::now() const {
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
