#include "deploy/bounds.hpp"

#include "actors/metrics.hpp"

namespace reviews {

namespace {

void show(prometheus::Registry& registry, const char* name, const char* help, std::size_t bound) {
  set_gauge(registry, name, help, static_cast<double>(bound));
}

} // namespace

void show_bounds(prometheus::Registry& registry, const producer_settings& settings) {
  show(registry, "reviews_in_flight_max", "Most reviews awaiting acknowledgement",
       settings.backpressure.in_flight_reviews_max);
  show(registry, "reviews_in_flight_bytes_max", "Most payload bytes awaiting acknowledgement",
       settings.backpressure.in_flight_bytes_max);
  show(registry, "reviews_reads_in_flight_max", "Most reads asked for and not yet answered",
       settings.reads.in_flight_max);
  show(registry, "reviews_feed_listeners_max", "Most listeners to events at once",
       settings.feed.listeners_max);
  show(registry, "reviews_feed_history_events_max", "Most review events kept for listeners",
       settings.feed.history);
  show(registry, "reviews_feed_history_bytes_max", "Most bytes of those", feed_history_bytes_max);
  show(registry, "reviews_commit_waiters_max", "Most posts that wait for their commit",
       settings.feed.waiters_max);
  show(registry, "http_server_connections_max", "Most connections open at once",
       settings.http.connections_max);
  show(registry, "http_server_bodies_bytes_max", "Most bytes of bodies on their way",
       settings.http.bodies_bytes_max);
}

void show_bounds(prometheus::Registry& registry, const consumer_settings& settings) {
  show(registry, "reviews_partition_held_records_max", "Most records a partition holds for the database",
       settings.backpressure.records_max);
  show(registry, "reviews_partition_held_bytes_max", "Most payload bytes a partition holds for the database",
       settings.backpressure.bytes_max);
  show(registry, "reviews_store_batch_rows_max", "Most rows of a transaction", settings.batch.records_max);
  show(registry, "reviews_dead_letters_in_flight_max", "Most dead letters awaiting acknowledgement",
       publisher_params{}.in_flight_reviews_max);
}

} // namespace reviews
