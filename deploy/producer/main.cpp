// reviews-producer: takes reviews over HTTP and publishes them. Wiring only.

#include "actors/model/log.hpp"
#include "actors/publisher.hpp"
#include "actors/publisher_intake.hpp"
#include "config/load.hpp"
#include "deploy/management.hpp"
#include "deploy/process.hpp"
#include "deploy/startup.hpp"
#include "http/http_metrics.hpp"
#include "http/post_reviews.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "kafka/config_check.hpp"
#include "kafka/producer.hpp"

#include <algorithm>
#include <thread>

using namespace reviews;

namespace {

/// The publishers of the pool, each with its share of the window.
std::vector<child_spec> make_publishers(const producer_settings& settings,
                                        const std::vector<address_ptr<publisher_actor>>& addresses,
                                        const producer_client_factory& make_client,
                                        publisher_metrics& metrics) {
  publisher_params share{settings.backpressure.in_flight_reviews_max / addresses.size(),
                         settings.backpressure.in_flight_bytes_max / addresses.size()};
  std::vector<child_spec> result;
  for (std::size_t i = 0; i < addresses.size(); ++i)
    result.push_back(make_child("publisher-" + std::to_string(i), "publishers", true, addresses[i],
                                [=, &metrics](caf::actor_system& sys) -> publisher_actor {
                                  return sys.spawn(publisher, share, make_client, &metrics);
                                }));
  return result;
}

/// Lets requests that came before the drain finish and tells 503 to those that
/// come a little later; at most until `deadline`.
void finish_requests(http_server& server, std::chrono::steady_clock::time_point deadline) {
  constexpr std::chrono::milliseconds look_interval{10};
  constexpr std::chrono::milliseconds quiet_time{500};
  server.begin_drain();
  auto busy_at = std::chrono::steady_clock::now();
  for (auto now = busy_at; now < deadline && server.connections() > 0 && now - busy_at < quiet_time;
       now = std::chrono::steady_clock::now()) {
    if (server.admitted_requests() > 0)
      busy_at = now;
    std::this_thread::sleep_for(look_interval);
  }
  server.stop();
}

int run(const producer_settings& settings, const std::string& config_text) {
  process program("reviews-producer", settings.scheduler_threads, settings.supervision, {"topic"});
  http_metrics served(program.metrics());
  publisher_metrics published(program.metrics());
  std::vector<address_ptr<publisher_actor>> addresses(settings.publishers);
  std::generate(addresses.begin(), addresses.end(), make_address<publisher_actor>);
  auto intake = make_publisher_intake(program.desk(), addresses);
  router routes;
  add_post_reviews(routes, *intake, settings.http, &served);
  http_server server(program.loop(), settings.http, std::move(routes), &served);

  auto management = start_management(program, settings.management, config_text, served);
  auto started = management ? server.start() : outcome<void>(management.error());
  if (!started) {
    log::error("start_failed", {{"reason", started.error().detail}});
    program.end_with(exit_status::config);
  } else {
    auto make_client = kafka::make_producer_factory(settings.kafka, settings.kafka.topic);
    auto children = make_publishers(settings, addresses, make_client, published);
    children.push_back(make_startup_check(
        program, settings.supervision, {topic_condition("topic", make_client)}, [] { log::info("ready"); }));
    program.supervise(std::move(children));
    log::info("listening", {{"port", server.port()}, {"management_port", (*management)->port()}});
  }
  return program.run(settings.drain_timeout, [&](auto deadline) { finish_requests(server, deadline); });
}

} // namespace

int main(int argc, char** argv) {
  auto loaded = load_producer(argc, argv, process_environment(), kafka::check);
  if (!loaded.settings)
    return print_and_exit_status(loaded.exit_status, loaded.text);
  log::configure(loaded.settings->log.level, loaded.settings->log.format);
  for (const auto& each : loaded.warnings)
    log::warning("configuration", {{"detail", each}});
  return run(*loaded.settings, loaded.effective_toml);
}
