#include "actors/model/recent_commits.hpp"

#include <algorithm>

namespace reviews {

void recent_commits::add(std::string payload, timestamp heard_at) {
  unread_bytes_ += payload.size();
  unread_.push_back({std::move(payload), heard_at});
  while (unread_.size() > unread_max || unread_bytes_ > unread_bytes_max) {
    unread_bytes_ -= unread_.front().payload.size();
    unread_.pop_front();
  }
}

heard_commit_ptr recent_commits::read(const std::string& payload, timestamp heard_at) {
  read_all(); // what came before stands before it
  return keep(payload, heard_at);
}

heard_commit_ptr recent_commits::keep(const std::string& payload, timestamp heard_at) {
  auto told = parse_commit_notice(payload);
  if (!told || told->by.topic != topic_ || told->by.group != group_)
    return nullptr;
  auto& mine = read_[told->partition];
  mine.push_back(std::make_shared<heard_commit>(heard_commit{std::move(*told), heard_at}));
  if (mine.size() > partition_commits_max)
    mine.pop_front();
  return mine.back();
}

void recent_commits::read_all() {
  for (const auto& each : unread_)
    keep(each.payload, each.heard_at);
  unread_.clear();
  unread_bytes_ = 0;
}

heard_commit_ptr recent_commits::find(std::int32_t partition, std::int64_t offset) {
  read_all();
  const auto found = read_.find(partition);
  if (found == read_.end())
    return nullptr;
  const auto& commits =
      found->second; // an offset that was moved back may be passed twice: the last one counts
  const auto covering = std::find_if(commits.rbegin(), commits.rend(),
                                     [&](const auto& each) { return each->what.covers(offset); });
  return covering == commits.rend() ? nullptr : *covering;
}

void recent_commits::clear() {
  unread_.clear();
  unread_bytes_ = 0;
  read_.clear();
}

} // namespace reviews
