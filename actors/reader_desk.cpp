#include "actors/reader_desk.hpp"

#include <caf/actor_clock.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace reviews {

namespace {

constexpr std::chrono::seconds retry_after{1};

failure too_many(std::size_t most) {
  return {ec::overloaded, "reads: expected at most " + std::to_string(most) + " under way, got one more",
          retry_after};
}

failure nobody_there() {
  return {ec::unavailable, "readers: expected one with a database, got none", retry_after};
}

/// Another reader may still answer: this one ended, or was about to.
bool is_repeatable(ec code) {
  return code == ec::broken || code == ec::shutting_down;
}

class pooled_desk final : public reader_desk {
public:
  pooled_desk(front_desk_ptr desk, pool_ptr<reader_actor> readers, const reader_params& bounds,
              reader_metrics& metrics)
      : desk_(std::move(desk)), readers_(std::move(readers)), metrics_(metrics),
        clock_(static_cast<front_desk*>(desk_->get())->home_system().clock()),
        in_flight_max_(bounds.in_flight_max) {}

  void review(const review_id& id, answer<std::optional<stored_review>> then) override {
    begin<review_read>(read_review{id}, [then = std::move(then)](outcome<review_read> got) {
      then(got ? outcome<std::optional<stored_review>>(std::move(got->found)) : got.error());
    });
  }

  void reviews_of(std::string vendor_id, std::optional<review_place> after, std::size_t limit,
                  answer<review_page> then) override {
    begin<vendor_reviews_read>(read_vendor_reviews{std::move(vendor_id), after, limit},
                               [then = std::move(then)](outcome<vendor_reviews_read> got) {
                                 then(got ? outcome<review_page>(std::move(got->page)) : got.error());
                               });
  }

  void rating_of(std::string vendor_id, answer<rating_counts> then) override {
    begin<rating_read>(read_rating{std::move(vendor_id)}, [then = std::move(then)](outcome<rating_read> got) {
      then(got ? outcome<rating_counts>(got->counts) : got.error());
    });
  }

  void bound_by(const reader_params& bounds) override { in_flight_max_ = bounds.in_flight_max; }

private:
  /// What the desk knows of a reader.
  struct seat {
    std::atomic<std::size_t> in_flight{0};
    /// The reader that could not reach the database the last time; none: 0. Whoever comes
    /// after it has not tried yet.
    std::atomic<caf::actor_id> away{0};
    std::atomic<std::chrono::steady_clock::duration> try_at{}; ///< When it may have it again.
  };

  struct choice {
    std::size_t index;
    reader_actor reader;
  };

  template <class Answer, class Request>
  void begin(Request what, answer<Answer> then) {
    const auto most = in_flight_max_.load();
    if (in_flight_.fetch_add(1) >= most) {
      --in_flight_;
      metrics_.count_failure(ec::overloaded);
      then(too_many(most));
      return;
    }
    metrics_.in_flight.Increment();
    go<Answer>(
        std::move(what),
        [this, then = std::move(then)](outcome<Answer> got) {
          --in_flight_;
          metrics_.in_flight.Decrement();
          then(std::move(got));
        },
        std::nullopt);
  }

  /// @param before The reader that was asked for this before, in vain.
  template <class Answer, class Request>
  void go(Request what, answer<Answer> then, std::optional<std::size_t> before) {
    auto chosen = choose(before);
    if (!chosen) {
      metrics_.count_failure(ec::unavailable);
      then(nobody_there());
      return;
    }
    const auto index = chosen->index;
    ++seats_[index].in_flight;
    auto again = before ? std::nullopt : std::optional<Request>(what);
    ask<Answer>(desk_, chosen->reader, std::move(what),
                [this, index, id = chosen->reader.id(), again = std::move(again),
                 then = std::move(then)](outcome<Answer> got) {
                  leave(seats_[index], id, got ? std::nullopt : std::optional(got.error()));
                  if (!got && again && is_repeatable(got.error().code))
                    go<Answer>(*again, then, index);
                  else
                    then(std::move(got));
                });
  }

  /// @param failed Nothing when the answer was one.
  void leave(seat& mine, caf::actor_id reader, const std::optional<failure>& failed) {
    if (!failed || failed->is_server_there) {
      mine.away = 0;
    } else if (failed->code == ec::unavailable || failed->code == ec::refused) {
      mine.try_at = now() + retry_after;
      mine.away = reader;
    }
    --mine.in_flight;
  }

  std::chrono::steady_clock::duration now() const { return clock_.now().time_since_epoch(); }

  /// The least busy of the readers with a database and of the idle ones that may have
  /// theirs again, else one without that nobody waits for; of several equal ones not
  /// always the same, and not `except`.
  std::optional<choice> choose(std::optional<std::size_t> except) {
    const auto count = readers_->size();
    const auto first = turn_.fetch_add(1, std::memory_order_relaxed);
    std::optional<choice> best;
    std::size_t least = 0;
    std::optional<choice> other;
    for (std::size_t i = 0; i < count; ++i) {
      const auto index = (first + i) % count;
      auto reader = readers_->at(index);
      const auto busy = seats_[index].in_flight.load();
      if (!reader || index == except)
        continue;
      const bool is_away = seats_[index].away == reader.id();
      if (is_away && busy > 0)
        continue;
      if (is_away && now() < seats_[index].try_at.load()) {
        other = choice{index, std::move(reader)};
      } else if (!best || busy < least) {
        best = choice{index, std::move(reader)};
        least = busy;
      }
    }
    return best ? best : other;
  }

  front_desk_ptr desk_;
  pool_ptr<reader_actor> readers_;
  reader_metrics& metrics_;
  caf::actor_clock& clock_;
  std::array<seat, pool_size_max> seats_;
  std::atomic<std::size_t> turn_{0};
  std::atomic<std::size_t> in_flight_{0};
  std::atomic<std::size_t> in_flight_max_;
};

} // namespace

std::unique_ptr<reader_desk> make_reader_desk(front_desk_ptr desk, pool_ptr<reader_actor> readers,
                                              const reader_params& bounds, reader_metrics& metrics) {
  return std::make_unique<pooled_desk>(std::move(desk), std::move(readers), bounds, metrics);
}

} // namespace reviews
