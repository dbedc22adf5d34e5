#include "deploy/producer/feed_cast.hpp"

#include "actors/feed.hpp"
#include "actors/listener.hpp"
#include "actors/log_watch.hpp"
#include "db/pg_commit_listener.hpp"
#include "kafka/log_source.hpp"

#include <utility>

namespace reviews {

feed_cast::feed_cast(process& of, const producer_settings& settings, pool_ptr<reader_actor> readers)
    : settings_(settings), metrics_(of.metrics()), readers_(std::move(readers)),
      ring_(std::make_shared<event_ring>(settings.feed.history, feed_history_bytes_max,
                                         settings.feed.listeners_max)),
      desk_(of.desk(), feed_, ring_, metrics_) {}

std::vector<child_spec> feed_cast::make_children() {
  return {make_feed(), make_log_watch(), make_listener()};
}

child_spec feed_cast::make_feed() {
  const feed_setup setup{settings_.kafka.topic,
                         settings_.kafka.group_id,
                         settings_.feed,
                         ring_,
                         readers_,
                         log_watch_,
                         &metrics_};
  return make_child("feed", "feed", true, feed_,
                    [setup](caf::actor_system& sys) -> feed_actor { return sys.spawn(feed, setup); });
}

child_spec feed_cast::make_log_watch() {
  auto make_source = kafka::make_log_source_factory(settings_.kafka, settings_.kafka.topic);
  return make_child("log-watch", "feed", false, log_watch_,
                    [make_source](caf::actor_system& sys) -> log_watch_actor {
                      return sys.spawn<caf::detached>(log_watch, make_source);
                    });
}

child_spec feed_cast::make_listener() {
  listener_setup setup;
  setup.make_source = make_commit_listener_factory(settings_.database);
  setup.feed = feed_;
  setup.retry = settings_.supervision;
  return make_child("commit-listener", "feed", false, make_address<listener_actor>(),
                    [setup](caf::actor_system& sys) -> listener_actor {
                      return sys.spawn<caf::detached>(listener, setup);
                    });
}

} // namespace reviews
