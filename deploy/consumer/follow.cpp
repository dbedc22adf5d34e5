// What a change of the settings means to the consumer's actors.

#include "actors/model/log.hpp"
#include "deploy/consumer/cast.hpp"

#include <atomic>
#include <memory>
#include <utility>

namespace reviews {

namespace {

std::vector<std::string> names(const std::string& of, std::size_t begin, std::size_t end) {
  std::vector<std::string> result;
  for (auto i = begin; i < end; ++i)
    result.push_back(of + "-" + std::to_string(i));
  return result;
}

} // namespace

void consumer_cast::follow(const consumer_settings& before, const consumer_settings& after) {
  limits_.set({after.batch, after.backpressure});
  process_.start_and_wait({}); // one that restarts has the old limits or knows the new ones
  consumers_->tell_all(limits_.get());
  if (before.backpressure.records_max != after.backpressure.records_max ||
      before.backpressure.bytes_max != after.backpressure.bytes_max)
    log::info("reload_in_part", {{"table", "backpressure"},
                                 {"detail", "librdkafka's own queues keep their bounds until a restart"}});
  share_among_writers(before.writers, after.writers);
  share_among_consumers(before.consumers, after.consumers);
}

void consumer_cast::share_among_writers(std::size_t before, std::size_t after) {
  std::vector<child_spec> newcomers;
  for (auto i = before; i < after; ++i)
    newcomers.push_back(make_writer(i));
  if (!process_.start_and_wait(std::move(newcomers)))
    return;
  writers_->resize(after);
  // A mailbox is first in, first out: their drain ends with the last batch asked for.
  if (after < before)
    process_.remove_and_wait(names("writer", after, before), settings_.drain_timeout);
}

void consumer_cast::share_among_consumers(std::size_t before, std::size_t after) {
  std::vector<child_spec> newcomers;
  for (auto i = before; i < after; ++i)
    newcomers.push_back(make_consumer(i));
  if (before == after || !process_.start_and_wait(std::move(newcomers)) || !tell_group(after))
    return;
  if (after < before)
    process_.remove_and_wait(names("consumer", after, before), settings_.drain_timeout);
}

/// Asks until the group consumer has answered, for it may be restarting. False
/// when the process is to end.
bool consumer_cast::tell_group(std::size_t consumers) {
  constexpr std::chrono::milliseconds pause{100};
  auto is_done = std::make_shared<std::atomic<bool>>(false);
  while (!*is_done) {
    const bool goes_on = process_.wait_for([&](std::function<void()> over) {
      ask<consumers_resized>(process_.desk(), group_->get(), resize_consumers{consumers},
                             [is_done, over = std::move(over)](const outcome<consumers_resized>& got) {
                               *is_done = got.has_value();
                               over();
                             });
    });
    if (!goes_on)
      return false;
    if (!*is_done)
      process_.wait_for([](const auto&) {}, pause);
  }
  return true;
}

} // namespace reviews
