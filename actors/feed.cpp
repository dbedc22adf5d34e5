// The mailbox of FEED, and those who wait for a commit. Events: feed_watch.cpp.

#include "actors/feed.hpp"

#include "actors/error.hpp"

#include <caf/actor_clock.hpp>

#include <algorithm>
#include <utility>

namespace reviews {

namespace {

constexpr std::chrono::seconds read_timeout{15};
constexpr std::size_t doubts_read_max = 100;

} // namespace

feed_state::~feed_state() {
  answer_all();
}

void feed_state::init(feed_setup setup) {
  setup_ = std::move(setup);
  recent_.emplace(setup_->topic, setup_->group_id);
  waiters_.emplace(setup_->params.waiters_max);
  view_.emplace(setup_->topic, setup_->group_id);
  if (setup_->ring->listeners() > 0) // of the feed before
    watch();
}

feed_private_actor::behavior_type feed_state::make_behavior() {
  return {
      [this](const notices_heard& what) {
        for (const auto& each : what.notices)
          hear(each);
        read_doubts();
        read_news();
      },
      [this](const listening_changed& what) { change_listening(what.is_listening); },
      [this](listener_came) { watch(); },
      [this](const await_commit& what) { return await(what); },
      [this](drain) {
        is_draining_ = true;
        answer_all();
        setup_->ring->close();
        return drained{};
      },
      [this](describe) -> description {
        const auto* state = is_draining_ ? "draining" : is_watching_ ? "watching" : "running";
        return {self_->mailbox().size(), waiters_->size(), is_listening_ ? state : "not listening"};
      },
      [this](feed_tick) { tick(); },
      [this](feed_read) {
        is_reading_news_ = false;
        read_news();
      },
      [this](const feed_due& what) {
        if (what.generation != due_generation_)
          return;
        due_at_.reset();
        for (const auto& each : waiters_->take_due(now()))
          answer(each.token, {});
        wake_when_due();
      },
  };
}

feed_state::time_point feed_state::now() const {
  return self_->clock().now();
}

void feed_state::hear(const heard_notice& what) {
  setup_->metrics->notices_total.Increment();
  if (what.about == heard_notice::topic::consumer) {
    keep_report(what);
    return;
  }
  if (!is_watching_ && waiters_->size() == 0) {
    recent_->add(what.payload, what.heard_at);
    return;
  }
  const auto by = recent_->read(what.payload, what.heard_at);
  if (!by)
    return;
  for (const auto& each : waiters_->passed(by->what.partition, by->what.next_offset))
    settle(each, by);
  if (is_watching_)
    note_commit(by);
}

// What was told while nobody listened is not known: whoever waits could wait in vain.
void feed_state::change_listening(bool is_listening) {
  is_listening_ = is_listening;
  setup_->metrics->listening.Set(is_listening ? 1 : 0);
  view_->database_changed(is_listening, now());
  recent_->clear();
  answer_all();
  if (is_watching_ && is_listening)
    read_offsets();
  if (is_watching_)
    tell_status();
}

caf::result<commit_awaited> feed_state::await(const await_commit& what) {
  const commit_waiter who{++last_token_, what.partition, what.offset, what.id, now() + what.at_most};
  if (is_draining_ || !is_listening_ || what.at_most.count() <= 0) {
    setup_->metrics->count_wait(commit_story::fate::unknown);
    return commit_awaited{};
  }
  if (!waiters_->add(who)) {
    setup_->metrics->count_surplus_wait();
    return commit_awaited{};
  }
  promises_.emplace(who.token, self_->make_response_promise());
  show_waiters();
  if (const auto by = recent_->find(what.partition, what.offset)) {
    waiters_->passed(what.partition, what.offset + 1); // not again by a later one
    settle(who, by);
    read_doubts();
  }
  wake_when_due();
  return caf::delegated<commit_awaited>{};
}

// A notice lists the newest reviews of its batch and says how many were new:
// mostly that is all there is to know. Another review at its place is one of a topic
// that was made anew.
void feed_state::settle(const commit_waiter& who, const heard_commit_ptr& by) {
  const auto& batch = by->what;
  if (!batch.covers(who.offset)) { // its own notice was not heard
    answer(who.token, {});
    return;
  }
  const auto listed = std::find_if(batch.reviews.begin(), batch.reviews.end(),
                                   [&](const auto& each) { return each.offset == who.offset; });
  const bool is_listed = listed != batch.reviews.end();
  if (!is_listed && batch.reviews.size() == batch.rows) // a dead letter
    answer(who.token, {});
  else if (is_listed && listed->id == who.id && batch.inserted == batch.rows)
    answer(who.token, {commit_story::fate::stored, by, listed->consumed_at, {}});
  else
    doubts_.push_back({who, by});
}

void feed_state::read_doubts() {
  std::erase_if(doubts_, [this](const auto& each) { return promises_.count(each.who.token) == 0; });
  if (is_reading_doubts_ || doubts_.empty())
    return;
  const auto count = std::min(doubts_.size(), doubts_read_max);
  std::vector<doubt> asked(doubts_.begin(), doubts_.begin() + static_cast<std::ptrdiff_t>(count));
  doubts_.erase(doubts_.begin(), doubts_.begin() + static_cast<std::ptrdiff_t>(count));
  auto reader = next_reader();
  if (!reader) {
    resolve(asked, {});
    return;
  }
  read_reviews what;
  for (const auto& each : asked)
    what.ids.push_back(each.who.id);
  is_reading_doubts_ = true;
  const auto over = [this, asked = std::move(asked)](const std::vector<stored_review>& rows) {
    is_reading_doubts_ = false;
    resolve(asked, rows);
    read_doubts();
  };
  self_->request(reader, read_timeout, std::move(what))
      .then([over](const reviews_read& got) { over(got.reviews); }, [over](const caf::error&) { over({}); });
}

void feed_state::resolve(const std::vector<doubt>& asked, const std::vector<stored_review>& rows) {
  for (const auto& each : asked) {
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&](const auto& got) { return got.what.id == each.who.id; });
    if (row == rows.end()) {
      answer(each.who.token, {});
    } else if (row->partition == each.who.partition && row->offset == each.who.offset) {
      commit_story story{commit_story::fate::stored, each.by, std::nullopt, {}};
      for (const auto& listed : each.by->what.reviews)
        if (listed.offset == each.who.offset)
          story.consumed_at = listed.consumed_at;
      answer(each.who.token, std::move(story));
    } else {
      answer(each.who.token, {commit_story::fate::duplicate, each.by, std::nullopt, *row});
    }
  }
}

void feed_state::answer(std::uint64_t token, commit_story story) {
  const auto found = promises_.find(token);
  if (found == promises_.end()) // its time was over
    return;
  waiters_->remove(token);
  setup_->metrics->count_wait(story.what);
  auto promise = std::move(found->second);
  promises_.erase(found);
  promise.deliver(commit_awaited{std::move(story)});
  show_waiters();
}

void feed_state::answer_all() {
  doubts_.clear();
  while (!promises_.empty())
    answer(promises_.begin()->first, {});
}

void feed_state::wake_when_due() {
  const auto next = waiters_->next_deadline();
  if (!next || (due_at_ && *due_at_ <= *next))
    return;
  due_at_ = next;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - now());
  self_->delayed_send(self_, std::max(left, std::chrono::milliseconds(1)), feed_due{++due_generation_});
}

void feed_state::show_waiters() {
  setup_->metrics->waiters.Set(static_cast<double>(waiters_->size()));
}

reader_actor feed_state::next_reader() {
  return setup_->readers->of(reader_++);
}

feed_private_actor::behavior_type feed(feed_private_actor::stateful_pointer<feed_state> self,
                                       const feed_setup& setup) {
  end_on_exception(self);
  self->state.init(setup); // CAF 1.x: constructor argument
  return self->state.make_behavior();
}

} // namespace reviews
