// reviews-consumer: carries reviews from Kafka to Postgres. Wiring only.

#include "actors/group_consumer.hpp"
#include "actors/model/log.hpp"
#include "actors/partition_consumer.hpp"
#include "actors/publisher.hpp"
#include "actors/writer.hpp"
#include "config/load.hpp"
#include "db/pg_review_store.hpp"
#include "deploy/management.hpp"
#include "deploy/process.hpp"
#include "deploy/startup.hpp"
#include "http/http_metrics.hpp"
#include "kafka/config_check.hpp"
#include "kafka/consumer.hpp"
#include "kafka/producer.hpp"

#include <algorithm>
#include <memory>

using namespace reviews;

namespace {

template <class Handle>
std::vector<address_ptr<Handle>> make_addresses(std::size_t count) {
  std::vector<address_ptr<Handle>> result(count);
  std::generate(result.begin(), result.end(), make_address<Handle>);
  return result;
}

/// The dead-letter topic takes larger records than the topic (`reviewctl
/// setup`), so that a record of any size fits with its error headers added.
producer_client_factory make_dead_letter_factory(kafka_params params) {
  params.producer.try_emplace("message.max.bytes", "10485760"); // before compression
  params.producer.try_emplace("compression.codec", "lz4");
  return kafka::make_producer_factory(params, params.dlq_topic);
}

/// Who talks to whom, and what each is made of.
struct cast {
  cast(process& of, const consumer_settings& given)
      : program(of), settings(given), dead_letter_metrics(of.metrics(), "reviews_dead_letters"),
        metrics(of.metrics()),
        make_store(make_review_store_factory(given.database, given.kafka.group_id, given.kafka.topic)),
        make_dead_letter_client(make_dead_letter_factory(given.kafka)),
        writers(make_addresses<writer_actor>(given.writers)),
        consumers(make_addresses<partition_consumer_actor>(given.consumers)) {}

  process& program;
  const consumer_settings& settings;
  publisher_metrics dead_letter_metrics;
  consumer_metrics metrics;
  review_store_factory make_store;
  producer_client_factory make_dead_letter_client;
  std::vector<address_ptr<writer_actor>> writers;
  std::vector<address_ptr<partition_consumer_actor>> consumers;
  address_ptr<publisher_actor> dead_letters = make_address<publisher_actor>();
  address_ptr<group_consumer_actor> group = make_address<group_consumer_actor>();
};

/// Writers first and the group consumer last: whoever is asked is there before who asks.
std::vector<child_spec> make_children(cast& all) {
  std::vector<child_spec> result;
  for (std::size_t i = 0; i < all.writers.size(); ++i)
    result.push_back(make_child(
        "writer-" + std::to_string(i), "writers", false, all.writers[i],
        [make = all.make_store](caf::actor_system& sys) { return sys.spawn<caf::detached>(writer, make); }));
  result.push_back(make_child("dead-letters", "publishers", true, all.dead_letters,
                              [&all](caf::actor_system& sys) -> publisher_actor {
                                return sys.spawn(publisher, publisher_params{}, all.make_dead_letter_client,
                                                 &all.dead_letter_metrics);
                              }));
  for (std::size_t i = 0; i < all.consumers.size(); ++i) {
    partition_consumer_setup setup;
    setup.index = i;
    setup.topic = all.settings.kafka.topic;
    setup.batch = all.settings.batch;
    setup.partition = all.settings.backpressure;
    setup.retry = all.settings.supervision;
    setup.writers = all.writers;
    setup.dead_letters = all.dead_letters;
    setup.group = all.group;
    setup.metrics = &all.metrics;
    result.push_back(make_child("consumer-" + std::to_string(i), "consumers", false, all.consumers[i],
                                [setup](caf::actor_system& sys) -> partition_consumer_actor {
                                  return sys.spawn(partition_consumer, setup);
                                }));
  }
  group_consumer_setup setup;
  setup.make_client = kafka::make_consumer_factory(all.settings.kafka);
  setup.retry = all.settings.supervision;
  setup.writers = all.writers;
  setup.consumers = all.consumers;
  setup.metrics = &all.metrics;
  setup.on_joined = [&program = all.program] { program.ready().set("group", true); };
  setup.on_refused = [&program = all.program](const failure&) { program.end_with(exit_status::unavailable); };
  result.push_back(make_child("group-consumer", "group", true, all.group,
                              [setup](caf::actor_system& sys) -> group_consumer_actor {
                                return sys.spawn<caf::detached>(group_consumer, setup);
                              }));
  return result;
}

/// Waits for topics and schema, then starts the rest.
child_spec wait_for_servers(cast& all) {
  auto make_client = kafka::make_producer_factory(all.settings.kafka, all.settings.kafka.topic);
  return make_startup_check(all.program, all.settings.supervision,
                            {topic_condition("topic", make_client),
                             topic_condition("dead_letter_topic", all.make_dead_letter_client),
                             {"schema", [make = all.make_store] { return make()->check_schema(); }}},
                            [&all] { all.program.supervise(make_children(all)); });
}

int run(const consumer_settings& settings, const std::string& config_text) {
  process program("reviews-consumer", settings.scheduler_threads, settings.supervision,
                  {"topic", "dead_letter_topic", "schema", "group"});
  http_metrics served(program.metrics());
  cast all(program, settings);
  auto management = start_management(program, settings.management, config_text, served);
  if (!management) {
    log::error("start_failed", {{"reason", management.error().detail}});
    program.end_with(exit_status::config);
  } else {
    log::info("listening", {{"management_port", (*management)->port()}});
    program.supervise({wait_for_servers(all)});
  }
  return program.run(settings.drain_timeout);
}

} // namespace

int main(int argc, char** argv) {
  auto loaded = load_consumer(argc, argv, process_environment(), kafka::check);
  if (!loaded.settings)
    return print_and_exit_status(loaded.exit_status, loaded.text);
  log::configure(loaded.settings->log.level, loaded.settings->log.format);
  for (const auto& each : loaded.warnings)
    log::warning("configuration", {{"detail", each}});
  return run(*loaded.settings, loaded.effective_toml);
}
