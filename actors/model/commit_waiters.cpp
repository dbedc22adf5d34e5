#include "actors/model/commit_waiters.hpp"

namespace reviews {

bool commit_waiters::add(const commit_waiter& who) {
  if (waiters_.size() >= waiters_max_)
    return false;
  waiters_.emplace(who.token, who);
  places_.insert({{who.partition, who.offset}, who.token});
  deadlines_.insert({who.deadline, who.token});
  return true;
}

std::vector<commit_waiter> commit_waiters::passed(std::int32_t partition, std::int64_t next_offset) {
  std::vector<commit_waiter> result;
  const auto begin = places_.lower_bound({{partition, 0}, 0});
  const auto end = places_.lower_bound({{partition, next_offset}, 0});
  for (auto each = begin; each != end; ++each)
    result.push_back(waiters_.at(each->second));
  places_.erase(begin, end);
  return result;
}

std::vector<commit_waiter> commit_waiters::take_due(time_point now) {
  std::vector<commit_waiter> result;
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    result.push_back(waiters_.at(deadlines_.begin()->second));
    forget(result.back());
  }
  return result;
}

bool commit_waiters::remove(std::uint64_t token) {
  const auto found = waiters_.find(token);
  if (found == waiters_.end())
    return false;
  forget(commit_waiter(found->second));
  return true;
}

std::optional<commit_waiters::time_point> commit_waiters::next_deadline() const {
  if (deadlines_.empty())
    return std::nullopt;
  return deadlines_.begin()->first;
}

void commit_waiters::forget(const commit_waiter& who) {
  places_.erase({{who.partition, who.offset}, who.token});
  deadlines_.erase({who.deadline, who.token});
  waiters_.erase(who.token);
}

} // namespace reviews
