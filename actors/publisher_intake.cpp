#include "actors/publisher_intake.hpp"

#include "actors/model/in_flight_window.hpp"

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

// A template, as `ask` is: each `std::function` on the way would be allocated for every request.
template <class Then>
void ask_one(const front_desk_ptr& desk, const publisher_actor& to, std::vector<record> records, Then then) {
  auto count = records.size();
  ask<records_published>(desk, to, publish_records{std::move(records)},
                         [count, then = std::move(then)](outcome<records_published> got) {
                           if (got)
                             then(std::move(got->results));
                           else if (got.error().code == ec::broken)
                             then(repeat({ec::outcome_unknown, got.error().detail, {}}, count));
                           else
                             then(repeat(got.error(), count));
                         });
}

/// The parts of one request that went to several publishers.
struct assembly {
  assembly(std::size_t records_count, std::size_t parts_count, review_intake::answer whom)
      : whole(repeat({ec::outcome_unknown, "publisher: no answer", {}}, records_count)),
        parts_missing(parts_count), then(std::move(whom)) {}

  void add(const std::vector<std::size_t>& places, results part) {
    for (std::size_t i = 0; i < places.size() && i < part.size(); ++i)
      whole[places[i]] = std::move(part[i]);
    if (parts_missing.fetch_sub(1, std::memory_order_acq_rel) == 1)
      then(std::move(whole));
  }

  results whole;
  std::atomic<std::size_t> parts_missing;
  review_intake::answer then;
};

class pooled_intake final : public publisher_intake {
public:
  pooled_intake(front_desk_ptr desk, pool_ptr<publisher_actor> publishers)
      : desk_(std::move(desk)), publishers_(std::move(publishers)), held_(1, 1) {
    hold_at_most({});
  }

  void publish(std::vector<record> records, answer then) override {
    if (records.empty()) {
      then({});
      return;
    }
    while (!enter()) {
      std::unique_lock guard(mutex_);
      if (!is_holding_) // over since
        continue;
      hold(std::move(records), std::move(then), guard);
      return;
    }
    go_on(std::move(records), std::move(then));
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
  struct part {
    std::vector<record> records;
    std::vector<std::size_t> places;
  };

  struct held_request {
    std::vector<record> records;
    std::size_t bytes = 0;
    answer then;
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

  void hold(std::vector<record> records, answer then, std::unique_lock<std::mutex>& guard) {
    std::size_t bytes = 0;
    for (const auto& each : records)
      bytes += bytes_of(each);
    const auto count = records.size();
    if (held_.try_admit(count, bytes)) {
      waiting_.push_back({std::move(records), bytes, std::move(then)});
      return;
    }
    guard.unlock();
    then(repeat({ec::overloaded, "publishers: expected room while their number changes, got none",
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
      held_.release(next.records.size(), next.bytes);
      under_way_.fetch_add(1);
      guard.unlock();
      go_on(std::move(next.records), std::move(next.then));
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
  void go_on(std::vector<record> records, answer then) {
    auto answered = [this, then = std::move(then)](results got) {
      then(std::move(got));
      leave();
    };
    if (publishers_->size() == 1 || records.size() == 1) {
      auto to = publishers_->of(hash_of(records.front()));
      ask_one(desk_, to, std::move(records), std::move(answered));
      return;
    }
    go_on_in_parts(std::move(records), std::move(answered));
  }

  static std::size_t hash_of(const record& r) {
    return std::hash<std::string_view>{}(r.key ? std::string_view(*r.key) : std::string_view());
  }

  void go_on_in_parts(std::vector<record> records, answer then) {
    std::vector<part> parts(publishers_->size());
    for (std::size_t i = 0; i < records.size(); ++i) {
      auto& mine = parts[hash_of(records[i]) % parts.size()];
      mine.records.push_back(std::move(records[i]));
      mine.places.push_back(i);
    }
    std::size_t parts_count = 0;
    for (const auto& each : parts)
      parts_count += each.records.empty() ? 0 : 1;
    auto whole = std::make_shared<assembly>(records.size(), parts_count, std::move(then));
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (!parts[i].records.empty())
        ask_one(desk_, publishers_->at(i), std::move(parts[i].records),
                [whole, places = std::move(parts[i].places)](results got) {
                  whole->add(places, std::move(got));
                });
  }

  front_desk_ptr desk_;
  pool_ptr<publisher_actor> publishers_;
  std::atomic<std::size_t> under_way_{0};
  std::atomic<bool> is_holding_{false}; ///< Set and taken back under the mutex.
  std::mutex mutex_;                    ///< Of what follows: only touched while requests are held.
  bool is_changing_ = false;
  std::size_t wanted_size_ = 0;
  std::function<void()> at_change_;
  std::deque<held_request> waiting_;
  in_flight_window held_;
};

} // namespace

std::unique_ptr<publisher_intake> make_publisher_intake(front_desk_ptr desk,
                                                        pool_ptr<publisher_actor> publishers) {
  return std::make_unique<pooled_intake>(std::move(desk), std::move(publishers));
}

} // namespace reviews
