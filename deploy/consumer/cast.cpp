#include "deploy/consumer/cast.hpp"

#include "actors/group_consumer.hpp"
#include "actors/partition_consumer.hpp"
#include "actors/publisher.hpp"
#include "actors/reporter.hpp"
#include "actors/watchdog.hpp"
#include "actors/writer.hpp"
#include "db/pg_review_store.hpp"
#include "kafka/consumer.hpp"
#include "kafka/producer.hpp"

#include <boost/asio/ip/host_name.hpp>

#include <unistd.h>

#include <utility>

namespace reviews {

namespace {

/// The dead-letter topic takes larger records than the topic (`reviewctl
/// setup`), so that a record of any size fits with its error headers added.
producer_client_factory make_dead_letter_factory(kafka_params params) {
  params.producer.try_emplace("message.max.bytes", "10485760"); // before compression
  params.producer.try_emplace("compression.codec", "lz4");
  return kafka::make_producer_factory(params, params.dlq_topic);
}

/// The stable name of the replica; else one that no other process has at the same time.
std::string name_of_process(const kafka_params& params) {
  if (!params.group_instance_id.empty())
    return params.group_instance_id;
  boost::system::error_code failed;
  const auto host = boost::asio::ip::host_name(failed);
  return (failed ? "localhost" : host) + ":" + std::to_string(::getpid());
}

} // namespace

consumer_cast::consumer_cast(process& of, const consumer_settings& settings)
    : process_(of), settings_(settings), name_(name_of_process(settings.kafka)),
      dead_letter_metrics_(of.metrics(), "reviews_dead_letters"), metrics_(of.metrics()),
      make_store_(
          make_review_store_factory(settings.database, settings.kafka.group_id, settings.kafka.topic)),
      make_dead_letter_client_(make_dead_letter_factory(settings.kafka)),
      limits_({settings.batch, settings.backpressure}), writers_(make_pool<writer_actor>(settings.writers)),
      consumers_(make_pool<partition_consumer_actor>(settings.consumers)) {}

std::vector<child_spec> consumer_cast::make_children() {
  std::vector<child_spec> result;
  for (std::size_t i = 0; i < writers_->size(); ++i)
    result.push_back(make_writer(i));
  result.push_back(make_dead_letters());
  for (std::size_t i = 0; i < consumers_->size(); ++i)
    result.push_back(make_consumer(i));
  result.push_back(make_group());
  result.push_back(make_watchdog());
  result.push_back(make_reporter());
  return result;
}

child_spec consumer_cast::make_writer(std::size_t index) {
  return make_child(
      "writer-" + std::to_string(index), "writers", true, writers_->address(index),
      [make = make_store_](caf::actor_system& sys) { return sys.spawn<caf::detached>(writer, make); });
}

child_spec consumer_cast::make_dead_letters() {
  return make_child(
      "dead-letters", "publishers", true, dead_letters_, [this](caf::actor_system& sys) -> publisher_actor {
        return sys.spawn(publisher, publisher_params{}, make_dead_letter_client_, &dead_letter_metrics_);
      });
}

child_spec consumer_cast::make_consumer(std::size_t index) {
  return make_child("consumer-" + std::to_string(index), "consumers", false, consumers_->address(index),
                    [this, index](caf::actor_system& sys) -> partition_consumer_actor {
                      const auto limits = limits_.get();
                      partition_consumer_setup setup;
                      setup.index = index;
                      setup.by = {settings_.kafka.topic, settings_.kafka.group_id, name_,
                                  "consumer-" + std::to_string(index), ""};
                      setup.batch = limits.batch;
                      setup.partition = limits.partition;
                      setup.retry = settings_.supervision;
                      setup.writers = writers_;
                      setup.dead_letters = dead_letters_;
                      setup.group = group_;
                      setup.metrics = &metrics_;
                      return sys.spawn(partition_consumer, setup);
                    });
}

child_spec consumer_cast::make_group() {
  group_consumer_setup setup;
  setup.make_client = kafka::make_consumer_factory(settings_.kafka);
  setup.retry = settings_.supervision;
  setup.writers = writers_;
  setup.consumers = consumers_;
  setup.metrics = &metrics_;
  setup.on_joined = [&of = process_] { of.ready().set("group", true); };
  setup.on_refused = [&of = process_](const failure&) { of.end_with(exit_status::unavailable); };
  return make_child("group-consumer", "group", true, group_,
                    [setup](caf::actor_system& sys) -> group_consumer_actor {
                      return sys.spawn<caf::detached>(group_consumer, setup);
                    });
}

child_spec consumer_cast::make_watchdog() {
  const watchdog_setup setup{settings_.stuck_after, group_, consumers_, &metrics_};
  return make_child("watchdog", "watchdog", false, make_address<watchdog_actor>(),
                    [setup](caf::actor_system& sys) -> watchdog_actor { return sys.spawn(watchdog, setup); });
}

child_spec consumer_cast::make_reporter() {
  const reporter_setup setup{settings_.kafka.topic, settings_.kafka.group_id, name_, group_, writers_};
  return make_child("reporter", "reporter", false, make_address<reporter_actor>(),
                    [setup](caf::actor_system& sys) -> reporter_actor { return sys.spawn(reporter, setup); });
}

} // namespace reviews
