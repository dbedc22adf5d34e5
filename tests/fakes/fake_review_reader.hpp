#pragma once

#include "actors/ports/review_reader.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace reviews {

/// A database of stored reviews in a test's hands.
struct fake_stored {
  std::vector<stored_review> reviews; ///< In the order they are told of.
  std::vector<stored_offset> offsets;
  std::deque<failure> failures; ///< Of the next calls.
  std::size_t calls = 0;        ///< Attempts, failed ones included.
  bool throws_next = false;

  void add(review what, std::int32_t partition = 0, std::int64_t offset = 0) {
    auto stored_at = what.created_at + std::chrono::milliseconds(5);
    reviews.push_back({std::move(what), stored_at, partition, offset});
  }
};

class fake_review_reader final : public review_reader {
public:
  explicit fake_review_reader(std::shared_ptr<fake_stored> stored) : stored_(std::move(stored)) {}

  outcome<std::optional<stored_review>> review(const review_id& id) override {
    return read<std::optional<stored_review>>([&]() -> std::optional<stored_review> {
      for (const auto& each : stored_->reviews)
        if (each.what.id == id)
          return each;
      return std::nullopt;
    });
  }

  outcome<review_page> reviews_of(const std::string& vendor_id, const std::optional<review_place>& after,
                                  std::size_t limit) override {
    return read<review_page>([&] {
      std::vector<stored_review> all;
      for (const auto& each : stored_->reviews)
        if (each.what.vendor_id == vendor_id &&
            (!after || key_of(each) < std::pair(after->created_at, after->id)))
          all.push_back(each);
      std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return key_of(b) < key_of(a); });
      review_page page;
      const bool has_more = all.size() > limit;
      all.resize(std::min(all.size(), limit));
      page.reviews = std::move(all);
      if (has_more)
        page.next = review_place{page.reviews.back().what.created_at, page.reviews.back().what.id};
      return page;
    });
  }

  outcome<rating_counts> rating_of(const std::string& vendor_id) override {
    return read<rating_counts>([&] {
      rating_counts counts;
      for (const auto& each : stored_->reviews) {
        if (each.what.vendor_id != vendor_id)
          continue;
        ++counts.count;
        counts.sum += each.what.rating;
        ++counts.of_rating[static_cast<std::size_t>(each.what.rating - 1)];
      }
      return counts;
    });
  }

  outcome<std::vector<stored_review>> reviews(const std::vector<review_id>& ids) override {
    return read<std::vector<stored_review>>([&] {
      std::vector<stored_review> found;
      for (const auto& id : ids)
        for (const auto& each : stored_->reviews)
          if (each.what.id == id)
            found.push_back(each);
      return found;
    });
  }

  outcome<std::vector<stored_offset>> stored_offsets() override {
    return read<std::vector<stored_offset>>([&] { return stored_->offsets; });
  }

private:
  static std::pair<timestamp, review_id> key_of(const stored_review& r) {
    return {r.what.created_at, r.what.id};
  }

  template <class T, class Read>
  outcome<T> read(Read&& what) {
    ++stored_->calls;
    if (std::exchange(stored_->throws_next, false))
      throw std::runtime_error("a fault of the reader");
    if (!stored_->failures.empty()) {
      auto first = std::move(stored_->failures.front());
      stored_->failures.pop_front();
      return first;
    }
    return what();
  }

  std::shared_ptr<fake_stored> stored_;
};

inline review_reader_factory make_fake_reader_factory(std::shared_ptr<fake_stored> stored) {
  return [stored] { return std::make_unique<fake_review_reader>(stored); };
}

} // namespace reviews
