// reviews-producer: takes reviews over HTTP and publishes them, reads back what is stored and tells of it.
// Wiring only.

#include "actors/model/log.hpp"
#include "config/load.hpp"
#include "deploy/management.hpp"
#include "deploy/process.hpp"
#include "deploy/producer/feed_cast.hpp"
#include "deploy/producer/publishers.hpp"
#include "deploy/producer/readers.hpp"
#include "deploy/reload.hpp"
#include "deploy/startup.hpp"
#include "http/get_events.hpp"
#include "http/get_review.hpp"
#include "http/get_vendor_rating.hpp"
#include "http/get_vendor_reviews.hpp"
#include "http/http_metrics.hpp"
#include "http/post_reviews.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "http/static_files.hpp"
#include "kafka/config_check.hpp"
#include "kafka/producer.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <thread>
#include <utility>

using namespace reviews;

namespace {

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

int run(load_result<producer_settings> loaded, const reloader<producer_settings>::read_again& read) {
  process program("reviews-producer", loaded.settings->scheduler_threads, loaded.settings->supervision,
                  {"topic"});
  reloader<producer_settings> config(program, std::move(loaded), read);
  const auto settings = config.started_with();
  http_metrics served(program.metrics());
  auto make_client = kafka::make_producer_factory(settings.kafka, settings.kafka.topic);
  publishers pool(program, settings, make_client);
  readers reads(program, settings);
  feed_cast feed(program, settings, reads.pool());
  router routes;
  add_post_reviews(routes, pool.intake(), settings.http, &served, &feed.desk());
  add_get_events(routes, feed.desk(), settings.feed.heartbeat, &served);
  add_get_review(routes, reads.queries(), &served);
  add_get_vendor_reviews(routes, reads.queries(), &served);
  add_get_vendor_rating(routes, reads.queries(), &served);
  add_static_files(routes, &served);
  http_server server(program.loop(), settings.http, std::move(routes), &served);
  program.on_reload([&] {
    config.reload([&](const producer_settings& before, const producer_settings& after) {
      server.set_rate_limit(after.http.rate_limit);
      pool.follow(before, after);
      reads.follow(before, after);
    });
  });

  auto management = start_management(
      program, settings.management, [&config] { return config.text(); }, served);
  auto started = management ? server.start() : outcome<void>(management.error());
  if (!started) {
    log::error("start_failed", {{"reason", started.error().detail}});
    program.end_with(exit_status::config);
  } else {
    auto children = pool.make_children();
    auto reads_children = reads.make_children();
    auto feed_children = feed.make_children();
    for (auto* more : {&reads_children, &feed_children})
      std::move(more->begin(), more->end(), std::back_inserter(children));
    auto tell_ready = [&program] {
      if (program.ready().missing().empty()) // not when it is ending
        log::info("ready");
    };
    children.push_back(make_startup_check(program, settings.supervision,
                                          {topic_condition("topic", make_client)}, tell_ready));
    program.supervise(std::move(children));
    program.accept_reloads();
    log::info("listening", {{"port", server.port()}, {"management_port", (*management)->port()}});
  }
  return program.run(settings.drain_timeout, [&](auto deadline) {
    feed.desk().begin_drain(); // who waits or listens is not waited for
    finish_requests(server, deadline);
  });
}

} // namespace

int main(int argc, char** argv) {
  auto read = [=] { return load_producer(argc, argv, process_environment(), kafka::check); };
  auto loaded = read();
  if (!loaded.settings)
    return print_and_exit_status(loaded.exit_status, loaded.text);
  log::configure(loaded.settings->log.level, loaded.settings->log.format);
  for (const auto& each : loaded.warnings)
    log::warning("configuration", {{"detail", each}});
  return run(std::move(loaded), read);
}
