#include "actors/publisher_intake.hpp"

#include "actors/model/in_flight_window.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

namespace reviews {

namespace {

using results = review_intake::results;

/// A failure of the whole request, told for each of its records.
results repeat(const failure& why, std::size_t count) {
  return results(count, outcome<receipt>(why));
}

/// The parts of one request that went to several publishers: puts their
/// results together again.
class assembly {
public:
  assembly(std::size_t records_count, std::size_t parts_count, post_reply reply)
      : whole_(repeat({ec::outcome_unknown, "publisher: no answer", {}}, records_count)),
        parts_missing_(parts_count), reply_(std::move(reply)) {}

  void add(const std::vector<std::size_t>& places, results part) {
    for (std::size_t i = 0; i < places.size() && i < part.size(); ++i)
      whole_[places[i]] = std::move(part[i]);
    if (parts_missing_.fetch_sub(1, std::memory_order_acq_rel) == 1)
      reply_.send(std::move(whole_));
  }

private:
  results whole_;
  std::atomic<std::size_t> parts_missing_;
  post_reply reply_;
};

/// One of those parts.
class assembly_part : public review_intake::recipient {
public:
  assembly_part(std::shared_ptr<assembly> whole, std::vector<std::size_t> places)
      : whole_(std::move(whole)), places_(std::move(places)) {}

  void take(results got) override { whole_->add(places_, std::move(got)); }

private:
  std::shared_ptr<assembly> whole_;
  std::vector<std::size_t> places_;
};

/// What waits to be sent to one publisher. One at a time empties it, or the
/// posts of a key would overtake each other between here and the mailbox.
class tray {
public:
  /// Whether somebody has to be found who empties it.
  bool put(post what) {
    const std::lock_guard guard(mutex_);
    if (posts_.empty())
      posts_.reserve(last_count_);
    posts_.push_back(std::move(what));
    return !std::exchange(is_due_, true);
  }

  std::vector<post> take() {
    const std::lock_guard guard(mutex_);
    last_count_ = posts_.size();
    return std::exchange(posts_, {});
  }

  /// What was taken is sent: whether more has come meanwhile, to be sent by the same.
  bool goes_on() {
    const std::lock_guard guard(mutex_);
    is_due_ = !posts_.empty();
    return is_due_;
  }

private:
  std::mutex mutex_;
  std::vector<post> posts_;
  std::size_t last_count_ = 0;
  bool is_due_ = false;
};

class pooled_intake final : public publisher_intake, post_reply::keeper {
public:
  pooled_intake(run_later later, pool_ptr<publisher_actor> publishers)
      : later_(std::move(later)), publishers_(std::move(publishers)), held_(1, 1) {
    hold_at_most({});
  }

  void publish(records what, std::shared_ptr<recipient> whom) override {
    if (what.empty()) {
      whom->take({});
      return;
    }
    while (!enter()) {
      std::unique_lock guard(mutex_);
      if (!is_holding_) // over since
        continue;
      hold(std::move(what), std::move(whom), guard);
      return;
    }
    go_on(std::move(what), std::move(whom));
  }

  void resize(std::size_t count, std::function<void()> at_change) override {
    {
      std::lock_guard guard(mutex_);
      wanted_size_ = count;
      at_change_ = std::move(at_change);
      is_holding_ = true;
    }
    change_when_idle();
  }

  void hold_at_most(const publisher_params& bounds) override {
    std::lock_guard guard(mutex_);
    held_.set_limits(bounds.in_flight_reviews_max, bounds.in_flight_bytes_max);
  }

private:
  struct held_request {
    records what;
    std::size_t bytes = 0;
    std::shared_ptr<recipient> whom;
  };

  /// Counts a request as under way, unless requests are held. Whoever holds
  /// sets its flag and then reads the count, we do it the other way round:
  /// one of the two sees the other.
  bool enter() {
    under_way_.fetch_add(1);
    if (!is_holding_)
      return true;
    leave();
    return false;
  }

  void leave() {
    if (under_way_.fetch_sub(1) == 1 && is_holding_)
      change_when_idle();
  }

  void hold(records what, std::shared_ptr<recipient> whom, std::unique_lock<std::mutex>& guard) {
    std::size_t bytes = 0;
    for (const auto& each : what)
      bytes += bytes_of(each);
    const auto count = what.size();
    if (held_.try_admit(count, bytes)) {
      waiting_.push_back({std::move(what), bytes, std::move(whom)});
      return;
    }
    guard.unlock();
    whom->take(repeat({ec::overloaded, "publishers: expected room while their number changes, got none",
                       std::chrono::seconds(1)},
                      count));
  }

  /// Changes over once nothing is under way, then lets go of what is held, in
  /// its order. Whoever comes meanwhile is held behind it.
  void change_when_idle() {
    std::unique_lock guard(mutex_);
    if (!is_holding_ || is_changing_ || under_way_ != 0)
      return;
    is_changing_ = true;
    publishers_->resize(wanted_size_);
    std::exchange(at_change_, {})();
    while (!waiting_.empty()) {
      auto next = std::move(waiting_.front());
      waiting_.pop_front();
      held_.release(next.what.size(), next.bytes);
      under_way_.fetch_add(1);
      guard.unlock();
      go_on(std::move(next.what), std::move(next.whom));
      guard.lock();
    }
    is_changing_ = false;
    if (at_change_) { // another change was asked for meanwhile
      guard.unlock();
      change_when_idle();
      return;
    }
    is_holding_ = false;
  }

  /// Sends what was counted as under way.
  void go_on(records what, std::shared_ptr<recipient> whom) {
    const auto count = what.size();
    post_reply reply(std::move(whom), count, this);
    if (publishers_->size() > 1 && count > 1)
      return go_on_in_parts(std::move(what), std::move(reply));
    const auto index = publishers_->index_of(hash_of(what.front()));
    put(index, {std::move(what), std::move(reply)});
  }

  void answered() override { leave(); }

  static std::size_t hash_of(const record& r) {
    return std::hash<std::string_view>{}(r.key ? std::string_view(*r.key) : std::string_view());
  }

  void go_on_in_parts(records what, post_reply reply) {
    struct part {
      records what;
      std::vector<std::size_t> places;
    };
    std::vector<part> parts(publishers_->size());
    for (std::size_t i = 0; i < what.size(); ++i) {
      auto& mine = parts[publishers_->index_of(hash_of(what[i]))];
      mine.what.push_back(std::move(what[i]));
      mine.places.push_back(i);
    }
    const auto is_used = [](const part& each) { return !each.places.empty(); };
    const auto used_count = static_cast<std::size_t>(std::count_if(parts.begin(), parts.end(), is_used));
    auto whole = std::make_shared<assembly>(what.size(), used_count, std::move(reply));
    for (std::size_t index = 0; index < parts.size(); ++index) {
      auto& [mine, places] = parts[index];
      if (const auto count = places.size(); count > 0)
        put(index, {std::move(mine), {std::make_shared<assembly_part>(whole, std::move(places)), count}});
    }
  }

  void put(std::size_t index, post what) {
    if (trays_[index].put(std::move(what)))
      send_later(index);
  }

  void send_later(std::size_t index) {
    later_([this, index] { send(index); });
  }

  void send(std::size_t index) {
    auto posts = std::make_shared<std::vector<post>>(trays_[index].take());
    if (const auto to = publishers_->at(index)) // else they are answered as they go
      caf::anon_send(to, publish_posts{std::move(posts)});
    posts.reset();
    if (trays_[index].goes_on())
      send_later(index);
  }

  run_later later_;
  pool_ptr<publisher_actor> publishers_;
  std::atomic<std::size_t> under_way_{0};
  std::atomic<bool> is_holding_{false}; ///< Set and taken back under the mutex.
  std::mutex mutex_;                    ///< Of what follows: only touched while requests are held.
  bool is_changing_ = false;
  std::size_t wanted_size_ = 0;
  std::function<void()> at_change_;
  std::deque<held_request> waiting_;
  in_flight_window held_;
  std::array<tray, pool_size_max> trays_; ///< Go first: what lies there is answered.
};

} // namespace

std::unique_ptr<publisher_intake> make_publisher_intake(run_later later,
                                                        pool_ptr<publisher_actor> publishers) {
  return std::make_unique<pooled_intake>(std::move(later), std::move(publishers));
}

} // namespace reviews
