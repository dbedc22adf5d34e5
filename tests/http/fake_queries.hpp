#pragma once

#include "actors/ports/review_queries.hpp"
#include "tests/fakes/fake_review_reader.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace reviews::test {

/// Readers whose database is the test: they answer at once, with a failure, or never.
class fake_queries : public review_queries {
public:
  /// What is stored; change it before the first request.
  fake_stored& stored() { return *stored_; }

  /// All that comes fails with `why`.
  void fail_all(failure why) {
    const std::lock_guard lock(mutex_);
    failing_ = std::move(why);
  }

  /// Nothing is answered any more.
  void fall_silent() { is_silent_ = true; }

  /// Questions so far.
  std::size_t asked() const { return asked_; }

  void review(const review_id& id, answer<std::optional<stored_review>> then) override {
    tell(then, [&] { return reader_.review(id); });
  }

  void reviews_of(std::string vendor_id, std::optional<review_place> after, std::size_t limit,
                  answer<review_page> then) override {
    tell(then, [&] { return reader_.reviews_of(vendor_id, after, limit); });
  }

  void rating_of(std::string vendor_id, answer<rating_counts> then) override {
    tell(then, [&] { return reader_.rating_of(vendor_id); });
  }

private:
  template <class T, class Read>
  void tell(const answer<T>& then, Read&& read) {
    ++asked_;
    if (is_silent_)
      return;
    std::unique_lock lock(mutex_);
    auto got = failing_ ? outcome<T>(*failing_) : read();
    lock.unlock();
    then(std::move(got));
  }

  std::shared_ptr<fake_stored> stored_ = std::make_shared<fake_stored>();
  fake_review_reader reader_{stored_};
  std::mutex mutex_;
  std::optional<failure> failing_;
  std::atomic<bool> is_silent_{false};
  std::atomic<std::size_t> asked_{0};
};

} // namespace reviews::test
