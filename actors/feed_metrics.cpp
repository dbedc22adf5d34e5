#include "actors/feed_metrics.hpp"

namespace reviews {

namespace {

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Counter& counter(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

const char* name_of(commit_story::fate how) {
  switch (how) {
  case commit_story::fate::stored: return "stored";
  case commit_story::fate::duplicate: return "duplicate";
  case commit_story::fate::unknown: break;
  }
  return "unknown";
}

constexpr const char* surplus = "overloaded";

} // namespace

feed_metrics::feed_metrics(prometheus::Registry& registry)
    : waits_(prometheus::BuildCounter()
                 .Name("reviews_commit_waits_total")
                 .Help("Posts that waited for their commit, by what they were told")
                 .Register(registry)),
      listeners_(gauge(registry, "reviews_feed_listeners", "Listeners to events")),
      history_events_(gauge(registry, "reviews_feed_history_events", "Review events kept for listeners")),
      history_bytes_(gauge(registry, "reviews_feed_history_bytes", "Bytes of those")),
      listening(gauge(registry, "reviews_feed_listening", "1 while the database tells of commits")),
      waiters(gauge(registry, "reviews_commit_waiters", "Posts that wait for their commit")),
      notices_total(counter(registry, "reviews_feed_notices_total", "Notices heard from the database")),
      events_total(counter(registry, "reviews_feed_events_total", "Review events told")),
      skipped_total(counter(registry, "reviews_feed_skipped_total", "Stored reviews that no event told of")),
      listeners_rejected_total(
          counter(registry, "reviews_feed_listeners_rejected_total", "Listeners turned away with 503")) {
  for (const auto how :
       {commit_story::fate::stored, commit_story::fate::duplicate, commit_story::fate::unknown})
    waits_.Add({{"outcome", name_of(how)}});
  waits_.Add({{"outcome", surplus}});
}

void feed_metrics::count_surplus_wait() {
  waits_.Add({{"outcome", surplus}}).Increment();
}

void feed_metrics::count_wait(commit_story::fate how) {
  waits_.Add({{"outcome", name_of(how)}}).Increment();
}

void feed_metrics::show(const event_ring& ring) {
  listeners_.Set(static_cast<double>(ring.listeners()));
  history_events_.Set(static_cast<double>(ring.events()));
  history_bytes_.Set(static_cast<double>(ring.bytes()));
}

} // namespace reviews
