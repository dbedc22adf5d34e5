// How FEED makes events while somebody listens.

#include "actors/feed.hpp"

#include "actors/error.hpp"
#include "actors/model/feed_events.hpp"

#include <algorithm>
#include <utility>

namespace reviews {

namespace {

constexpr std::chrono::seconds tick_interval{1};
constexpr std::chrono::seconds log_timeout{10};
constexpr std::chrono::seconds read_timeout{15};
constexpr std::chrono::seconds failed_read_pause{1};
constexpr std::uint64_t ticks_an_offset_read = 5;

} // namespace

void feed_state::watch() {
  last_listened_at_ = now();
  if (is_draining_)
    return;
  if (!is_watching_) {
    is_watching_ = true;
    ticks_ = 0;
    skipped_ = 0;
    view_.emplace(setup_->topic, setup_->group_id);
    view_->database_changed(is_listening_, now());
    for (const auto& [heard_at, payload] : std::exchange(reports_, {}))
      take_report(payload, heard_at);
    tick();
  } else if (std::exchange(is_silent_, false)) {
    look_at_pipeline();
  }
}

void feed_state::tick() {
  is_silent_ = setup_->ring->listeners() == 0;
  if (!is_silent_)
    last_listened_at_ = now();
  setup_->metrics->show(*setup_->ring);
  if (is_draining_ || now() - last_listened_at_ >= watch_on) {
    stop_watching();
    return;
  }
  if (is_silent_) {
    setup_->ring->set_status({}); // it grows old
  } else {
    if (ticks_++ % ticks_an_offset_read == 0)
      read_offsets();
    look_at_pipeline();
  }
  self_->delayed_send(self_, tick_interval, feed_tick{});
}

void feed_state::stop_watching() {
  is_watching_ = false;
  is_silent_ = false;
  unread_.clear();
  setup_->ring->clear();
  setup_->metrics->show(*setup_->ring);
  if (auto log = setup_->log->get())
    self_->send(log, rest{});
}

void feed_state::keep_report(const heard_notice& what) {
  if (is_watching_) {
    take_report(what.payload, now());
    return;
  }
  reports_.emplace_back(now(), what.payload);
  if (reports_.size() > reports_max)
    reports_.pop_front();
}

void feed_state::take_report(const std::string& payload, time_point heard_at) {
  const auto report = parse_consumer_report(payload);
  if (report && report->topic == setup_->topic && report->group == setup_->group_id)
    view_->reported(*report, heard_at);
}

// The status follows the look; while the brokers do not answer it does not wait for them.
void feed_state::look_at_pipeline() {
  auto log = setup_->log->get();
  if (!log || is_log_asked_) {
    tell_status();
    return;
  }
  is_log_asked_ = true;
  self_->request(log, log_timeout, look_at_log{})
      .then(
          [this](const log_seen& got) {
            is_log_asked_ = false;
            view_->log_seen(got.partitions, now());
            tell_status();
          },
          [this](const caf::error&) {
            is_log_asked_ = false;
            view_->log_lost();
            tell_status();
          });
}

void feed_state::read_offsets() {
  auto reader = next_reader();
  if (!reader)
    return;
  self_->request(reader, read_timeout, read_stored_offsets{})
      .then([this, asked_at =
                       now()](const stored_offsets_read& got) { view_->offsets_read(got.offsets, asked_at); },
            [](const caf::error&) {}); // the listener tells when the database is away
}

void feed_state::tell_status() {
  auto& ring = *setup_->ring;
  const auto listeners = ring.listeners();
  if (listeners == 0)
    return;
  ring.set_status(pipeline_event(view_->to_json(now_utc(), listeners, now())));
  ring.tell();
}

void feed_state::note_commit(const heard_commit_ptr& by) {
  const auto& batch = by->what;
  view_->stored(batch, now());
  if (batch.inserted == 0)
    return;
  skip(batch.inserted - std::min(batch.inserted, batch.reviews.size()));
  for (const auto& each : batch.reviews)
    unread_.push_back({each, by});
  while (unread_.size() > unread_max) {
    unread_.pop_front();
    skip(1);
  }
}

void feed_state::read_news() {
  if (is_reading_news_ || unread_.empty())
    return;
  auto reader = next_reader();
  is_reading_news_ = true;
  if (!reader) {
    read_news_after(failed_read_pause);
    return;
  }
  std::vector<news> asked;
  read_reviews what;
  while (!unread_.empty() && asked.size() < read_rows_max) {
    what.ids.push_back(unread_.front().what.id);
    asked.push_back(std::move(unread_.front()));
    unread_.pop_front();
  }
  const auto pause = std::max(read_pause_min, pause_a_row * static_cast<int>(asked.size()));
  const auto count = asked.size();
  self_->request(reader, read_timeout, std::move(what))
      .then(
          [this, pause, asked = std::move(asked)](const reviews_read& got) {
            tell_news(asked, got.reviews);
            read_news_after(pause);
          },
          [this, count](const caf::error&) {
            skip(count);
            read_news_after(failed_read_pause);
          });
}

// A row with another place was stored before: it is no news. A read that ends after
// the last listener's time finds an empty ring and leaves it so.
void feed_state::tell_news(const std::vector<news>& asked, const std::vector<stored_review>& rows) {
  if (!is_watching_)
    return;
  auto& ring = *setup_->ring;
  for (const auto& each : asked) {
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&](const auto& got) { return got.what.id == each.what.id; });
    if (row == rows.end()) {
      skip(1);
      continue;
    }
    if (row->partition != each.by->what.partition || row->offset != each.what.offset)
      continue;
    ring.add({row->partition, row->offset},
             review_event(*row, *each.by, each.what.consumed_at, std::exchange(skipped_, 0)));
    setup_->metrics->events_total.Increment();
  }
  setup_->metrics->show(ring);
  ring.tell();
}

void feed_state::read_news_after(std::chrono::milliseconds pause) {
  self_->delayed_send(self_, pause, feed_read{});
}

void feed_state::skip(std::size_t count) {
  skipped_ += count;
  setup_->metrics->skipped_total.Increment(static_cast<double>(count));
}

} // namespace reviews
