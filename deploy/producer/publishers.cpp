#include "deploy/producer/publishers.hpp"

#include "actors/publisher.hpp"

#include <boost/asio/defer.hpp>

#include <string>
#include <utility>

namespace reviews {

namespace {

publisher_params share_of(const producer_settings& settings) {
  return {settings.backpressure.in_flight_reviews_max / settings.publishers,
          settings.backpressure.in_flight_bytes_max / settings.publishers};
}

std::string name_of(std::size_t index) {
  return "publisher-" + std::to_string(index);
}

} // namespace

publishers::publishers(process& of, const producer_settings& settings, producer_client_factory make_client)
    : process_(of), metrics_(of.metrics()), make_client_(std::move(make_client)),
      pool_(make_pool<publisher_actor>(settings.publishers)), share_(share_of(settings)),
      intake_(make_publisher_intake(
          [&loop = of.loop()](std::function<void()> what) { boost::asio::defer(loop, std::move(what)); },
          pool_)) {
  intake_->hold_at_most(settings.backpressure);
}

std::vector<child_spec> publishers::make_children() {
  std::vector<child_spec> result;
  for (std::size_t i = 0; i < pool_->size(); ++i)
    result.push_back(make_child_spec(i));
  return result;
}

child_spec publishers::make_child_spec(std::size_t index) {
  return make_child(name_of(index), "publishers", true, pool_->address(index),
                    [this](caf::actor_system& sys) -> publisher_actor {
                      return sys.spawn(publisher, share_.get(), make_client_, &metrics_);
                    });
}

void publishers::follow(const producer_settings& before, const producer_settings& after) {
  intake_->hold_at_most(after.backpressure);
  share_.set(share_of(after));
  std::vector<child_spec> newcomers;
  for (auto i = before.publishers; i < after.publishers; ++i)
    newcomers.push_back(make_child_spec(i));
  if (!process_.start_and_wait(std::move(newcomers))) // also waits for one that starts with the old share
    return;
  if (after.publishers == before.publishers) {
    share_window();
    return;
  }
  const bool has_changed = process_.wait_for([&](std::function<void()> over) {
    intake_->resize(after.publishers, [this, over = std::move(over)] {
      share_window();
      over();
    });
  });
  std::vector<std::string> surplus;
  for (auto i = after.publishers; i < before.publishers; ++i)
    surplus.push_back(name_of(i));
  if (has_changed && !surplus.empty())
    process_.remove_and_wait(std::move(surplus), after.drain_timeout);
}

void publishers::share_window() {
  pool_->tell_all(set_window{share_.get()});
}

} // namespace reviews
