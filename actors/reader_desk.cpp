#include "actors/reader_desk.hpp"

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
    std::atomic<bool> is_away{false}; ///< It could not reach the database the last time.
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
                [this, index, again = std::move(again), then = std::move(then)](outcome<Answer> got) {
                  leave(seats_[index], got ? std::nullopt : std::optional(got.error().code));
                  if (!got && again && is_repeatable(got.error().code))
                    go<Answer>(*again, then, index);
                  else
                    then(std::move(got));
                });
  }

  static void leave(seat& mine, std::optional<ec> failed) {
    --mine.in_flight;
    if (!failed)
      mine.is_away = false;
    else if (*failed == ec::unavailable || *failed == ec::refused)
      mine.is_away = true;
  }

  /// The least busy reader with a database, else one without that nobody waits
  /// for; of several equal ones not always the same, and not `except`.
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
      if (seats_[index].is_away) {
        if (busy == 0)
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
