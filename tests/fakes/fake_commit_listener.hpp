#pragma once

#include "actors/ports/commit_listener.hpp"

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace reviews {

/// A database that tells of commits, in a test's hands.
struct fake_notices {
  std::vector<heard_notice> waiting;
  std::deque<failure> listen_failures; ///< Of the next calls to `listen`.
  std::deque<failure> wait_failures;   ///< Of the next calls to `wait`.
  std::size_t listens = 0;

  void tell(std::string payload, heard_notice::topic about = heard_notice::topic::commit) {
    waiting.push_back({about, std::move(payload), now_utc()});
  }
};

class fake_commit_listener final : public commit_listener {
public:
  explicit fake_commit_listener(std::shared_ptr<fake_notices> from) : from_(std::move(from)) {}

  outcome<void> listen() override {
    ++from_->listens;
    if (!from_->listen_failures.empty())
      return take(from_->listen_failures);
    return boost::system::in_place_value;
  }

  outcome<std::vector<heard_notice>> wait(std::chrono::milliseconds) override {
    if (!from_->wait_failures.empty())
      return take(from_->wait_failures);
    return std::exchange(from_->waiting, {});
  }

private:
  static failure take(std::deque<failure>& from) {
    auto first = std::move(from.front());
    from.pop_front();
    return first;
  }

  std::shared_ptr<fake_notices> from_;
};

inline commit_listener_factory make_fake_listener_factory(std::shared_ptr<fake_notices> from) {
  return [from] { return std::make_unique<fake_commit_listener>(from); };
}

} // namespace reviews
