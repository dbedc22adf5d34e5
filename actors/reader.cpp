#include "actors/reader.hpp"

#include "actors/error.hpp"
#include "actors/model/log.hpp"

#include <random>
#include <utility>

namespace reviews {

namespace {

constexpr std::chrono::milliseconds pause_min{100};
constexpr std::chrono::milliseconds pause_max{1'000};

failure drained_away() {
  return {ec::shutting_down, "reader: expected it running, got a drain", {}};
}

/// Failures that another attempt right away would only meet again.
bool is_lasting(const failure& why) {
  return (why.code == ec::unavailable && !why.is_server_there) || why.code == ec::refused;
}

} // namespace

reader_state::reader_state(reader_actor::pointer self)
    : self_(self), pauses_(pause_min, pause_max, std::random_device{}()) {}

void reader_state::init(review_reader_ptr database, reader_metrics* metrics) {
  database_ = std::move(database);
  metrics_ = metrics;
}

reader_actor::behavior_type reader_state::make_behavior() {
  return {
      [this](const read_review& what) {
        return answer<review_read>([&] { return database_->review(what.id); });
      },
      [this](const read_vendor_reviews& what) {
        return answer<vendor_reviews_read>(
            [&] { return database_->reviews_of(what.vendor_id, what.after, what.limit); });
      },
      [this](const read_rating& what) {
        return answer<rating_read>([&] { return database_->rating_of(what.vendor_id); });
      },
      [this](const read_reviews& what) {
        return answer<reviews_read>([&] { return database_->reviews(what.ids); });
      },
      [this](read_stored_offsets) {
        return answer<stored_offsets_read>([&] { return database_->stored_offsets(); });
      },
      [this](drain) { // first in, first out: what was asked before is answered
        is_draining_ = true;
        return drained{};
      },
      [this](describe) -> description {
        return {self_->mailbox().size(), 0, is_draining_ ? "draining" : away_ ? "waiting" : "running"};
      },
  };
}

template <class Answer, class Read>
caf::result<Answer> reader_state::answer(Read&& read) {
  auto got = is_draining_ ? decltype(read())(drained_away()) : attempt(std::forward<Read>(read));
  if (got)
    return Answer{std::move(*got)};
  if (metrics_)
    metrics_->count_failure(got.error().code);
  return to_error(got.error());
}

template <class Read>
auto reader_state::attempt(Read&& read) -> decltype(read()) {
  if (away_ && self_->clock().now() < try_at_)
    return *away_;
  const auto began = std::chrono::steady_clock::now();
  auto got = read();
  if (metrics_)
    metrics_->duration_seconds.Observe(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  if (got || got.error().is_server_there)
    note_answer();
  if (!got)
    note(got.error());
  return got;
}

void reader_state::note_answer() {
  if (!away_)
    return;
  away_.reset();
  pauses_.reset();
  log::info("database_back", {{"actor", name}});
}

void reader_state::note(const failure& why) {
  if (!is_lasting(why)) {
    log::error("read_failed", {{"reason", why.detail}});
    return;
  }
  if (!away_ || away_->detail != why.detail)
    log::warning("database_away", {{"actor", name}, {"reason", why.detail}});
  away_ = why;
  away_->retry_after = std::chrono::seconds(1);
  try_at_ = self_->clock().now() + pauses_.next();
}

reader_actor::behavior_type reader(reader_actor::stateful_pointer<reader_state> self,
                                   const review_reader_factory& make_database, reader_metrics* metrics) {
  end_on_exception(self);
  self->state.init(make_database(), metrics); // CAF 1.x: constructor argument
  return self->state.make_behavior();
}

} // namespace reviews
