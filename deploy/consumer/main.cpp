// reviews-consumer: carries reviews from Kafka to Postgres. Wiring only.

#include "actors/model/log.hpp"
#include "config/load.hpp"
#include "deploy/consumer/cast.hpp"
#include "deploy/management.hpp"
#include "deploy/process.hpp"
#include "deploy/reload.hpp"
#include "deploy/startup.hpp"
#include "http/http_metrics.hpp"
#include "kafka/config_check.hpp"
#include "kafka/producer.hpp"

#include <utility>

using namespace reviews;

namespace {

/// Waits for topics and schema, then starts the rest.
child_spec wait_for_servers(process& program, consumer_cast& cast, const consumer_settings& settings) {
  auto make_client = kafka::make_producer_factory(settings.kafka, settings.kafka.topic);
  return make_startup_check(program, settings.supervision,
                            {topic_condition("topic", make_client),
                             topic_condition("dead_letter_topic", cast.make_dead_letter_client()),
                             {"schema", [make = cast.make_store()] { return make()->check_schema(); }}},
                            [&] {
                              program.supervise(cast.make_children());
                              program.accept_reloads();
                            });
}

int run(load_result<consumer_settings> loaded, const reloader<consumer_settings>::read_again& read) {
  process program("reviews-consumer", loaded.settings->scheduler_threads, loaded.settings->supervision,
                  {"topic", "dead_letter_topic", "schema", "group"});
  reloader<consumer_settings> config(program, std::move(loaded), read);
  const auto settings = config.started_with();
  http_metrics served(program.metrics());
  consumer_cast cast(program, settings);
  program.on_reload([&] {
    config.reload(
        [&](const consumer_settings& before, const consumer_settings& after) { cast.follow(before, after); });
  });
  auto management = start_management(
      program, settings.management, [&config] { return config.text(); }, served);
  if (!management) {
    log::error("start_failed", {{"reason", management.error().detail}});
    program.end_with(exit_status::config);
  } else {
    log::info("listening", {{"management_port", (*management)->port()}});
    program.supervise({wait_for_servers(program, cast, settings)});
  }
  return program.run(settings.drain_timeout);
}

} // namespace

int main(int argc, char** argv) {
  auto read = [=] { return load_consumer(argc, argv, process_environment(), kafka::check); };
  auto loaded = read();
  if (!loaded.settings)
    return print_and_exit_status(loaded.exit_status, loaded.text);
  log::configure(loaded.settings->log.level, loaded.settings->log.format);
  for (const auto& each : loaded.warnings)
    log::warning("configuration", {{"detail", each}});
  return run(std::move(loaded), read);
}
