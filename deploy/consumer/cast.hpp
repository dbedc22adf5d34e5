#pragma once

#include "actors/actor_pool.hpp"
#include "actors/metrics.hpp"
#include "actors/ports/producer_client.hpp"
#include "actors/ports/review_store.hpp"
#include "config/settings.hpp"
#include "deploy/process.hpp"
#include "deploy/shared_value.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace reviews {

/// The consumer's actors: who talks to whom, what each is made of, and what a
/// change of the settings means to them.
class consumer_cast {
public:
  /// @param of Must outlive this, and its actors must have ended before.
  consumer_cast(process& of, const consumer_settings& settings);

  const review_store_factory& make_store() const { return make_store_; }
  const producer_client_factory& make_dead_letter_client() const { return make_dead_letter_client_; }

  /// The children to start with: writers first and the group consumer last, so
  /// that whoever is asked is there before who asks.
  std::vector<child_spec> make_children();

  /// Other pool sizes, other bounds: without a rebalance and without losing
  /// work. Blocks until it is done or the process is to end.
  void follow(const consumer_settings& before, const consumer_settings& after);

private:
  child_spec make_writer(std::size_t index);
  child_spec make_dead_letters();
  child_spec make_consumer(std::size_t index);
  child_spec make_group();
  child_spec make_watchdog();
  child_spec make_reporter();
  void share_among_writers(std::size_t before, std::size_t after);
  void share_among_consumers(std::size_t before, std::size_t after);
  bool tell_group(std::size_t consumers);

  process& process_;
  const consumer_settings settings_; ///< As started; what can change is in `limits_` and the pools.
  const std::string name_;           ///< Of this process, as notices have it.
  publisher_metrics dead_letter_metrics_;
  consumer_metrics metrics_;
  review_store_factory make_store_;
  producer_client_factory make_dead_letter_client_;
  shared_value<set_limits> limits_;
  pool_ptr<writer_actor> writers_;
  pool_ptr<partition_consumer_actor> consumers_;
  address_ptr<publisher_actor> dead_letters_ = make_address<publisher_actor>();
  address_ptr<group_consumer_actor> group_ = make_address<group_consumer_actor>();
};

} // namespace reviews
