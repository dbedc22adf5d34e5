#pragma once

#include "actors/ports/review_intake.hpp"

#include <cstddef>
#include <memory>
#include <utility>

namespace reviews {

/// The way back to whoever posted: answers exactly once. By hand; or, when it
/// is dropped, `unavailable`, so nobody drops one whose records a client has.
class post_reply {
public:
  /// Is told of the answer, after it was given.
  class keeper {
  public:
    virtual void answered() = 0;

  protected:
    ~keeper() = default;
  };

  post_reply() = default;

  /// @param from May be null; else it must outlive the answer.
  post_reply(std::shared_ptr<review_intake::recipient> whom, std::size_t records_count,
             keeper* from = nullptr)
      : whom_(std::move(whom)), records_count_(records_count), from_(from) {}

  post_reply(post_reply&& other) noexcept = default;

  post_reply& operator=(post_reply&& other) noexcept {
    post_reply old(std::move(*this));
    whom_ = std::move(other.whom_);
    records_count_ = other.records_count_;
    from_ = other.from_;
    return *this;
  }

  ~post_reply() {
    if (whom_)
      fail({ec::unavailable, "actor: expected it running, got a restart under way", {}});
  }

  /// Answers with one result a record. @pre Not answered yet.
  void send(review_intake::results got) {
    const auto whom = std::move(whom_);
    whom->take(std::move(got));
    if (from_)
      from_->answered();
  }

  /// Answers with the same failure for each record. @pre Not answered yet.
  void fail(const failure& why) { send(review_intake::results(records_count_, outcome<receipt>(why))); }

  /// Whether the answer is still owed.
  explicit operator bool() const { return whom_ != nullptr; }

private:
  std::shared_ptr<review_intake::recipient> whom_;
  std::size_t records_count_ = 0;
  keeper* from_ = nullptr;
};

/// What one request asks to publish.
struct post {
  review_intake::records records;
  post_reply reply;
};

} // namespace reviews
