#pragma once

#include "actors/model/failure.hpp"
#include "actors/model/stored_review.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace reviews {

/// The way from an HTTP session to the readers, for threads outside the actors.
///
/// Each call has its answer called exactly once, from any thread and perhaps
/// before returning; it must be short and must not throw. Failures:
/// `overloaded` (too many reads under way), `unavailable` (the database is out of
/// reach), `refused` (it turns us away), `shutting_down`, `broken`.
class review_queries {
public:
  template <class T>
  using answer = std::function<void(outcome<T>)>;

  virtual ~review_queries() = default;

  /// See `review_reader::review`.
  virtual void review(const review_id& id, answer<std::optional<stored_review>> then) = 0;

  /// See `review_reader::reviews_of`.
  virtual void reviews_of(std::string vendor_id, std::optional<review_place> after, std::size_t limit,
                          answer<review_page> then) = 0;

  /// See `review_reader::rating_of`.
  virtual void rating_of(std::string vendor_id, answer<rating_counts> then) = 0;
};

} // namespace reviews
