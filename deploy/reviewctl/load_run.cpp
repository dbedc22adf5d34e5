#include "deploy/reviewctl/load_run.hpp"

#include "deploy/reviewctl/batch_answer.hpp"

#include <algorithm>

namespace reviews::ctl {

using namespace std::chrono_literals;

namespace {

constexpr int accepted_status = 202;
constexpr int mixed_status = 207;
constexpr int no_answer = 0;
constexpr std::size_t example_bytes_max = 300;
constexpr auto pause_min = 100ms;
constexpr auto pause_max = 5s;

} // namespace

std::uint64_t load_counts::rejected_count() const {
  std::uint64_t sum = 0;
  for (const auto& [status, count] : rejected)
    sum += count;
  return sum;
}

load_run::load_run(const load_plan& plan, const review_generator& generator, time_point start,
                   std::function<void(load_run&, time_point)> on_tick)
    : plan_(plan), generator_(generator), start_(start), on_tick_(std::move(on_tick)) {}

load_run::decision load_run::next(time_point now, http_post& out) {
  const bool has_more = !is_stopped_ && next_index_ < plan_.reviews;
  if (is_stopped_ || (!has_more && waiting_.empty() && under_way_.empty()))
    return {verdict::finished};
  if (!waiting_.empty() && waiting_.top().again <= now) {
    auto again = waiting_.top().what;
    waiting_.pop();
    counts_.retried += again.count;
    post(again, out);
    return {verdict::post};
  }
  auto until = waiting_.empty() ? time_point::max() : waiting_.top().again;
  if (has_more && has_room()) {
    const auto due = plan_.rate > 0 ? due_of(next_index_) : now;
    if (due <= now) {
      const auto count = std::min<std::uint64_t>(plan_.batch, plan_.reviews - next_index_);
      post({next_index_, static_cast<std::uint32_t>(count), 0, due}, out);
      next_index_ += count;
      counts_.sent += count;
      return {verdict::post};
    }
    until = std::min(until, due);
  }
  return {verdict::wait, until};
}

bool load_run::has_room() const {
  if (plan_.rate > 0)
    return waiting_.size() < waiting_max;
  return waiting_.size() + under_way_.size() < plan_.concurrency;
}

load_run::time_point load_run::due_of(std::uint64_t index) const {
  return start_ + std::chrono::duration_cast<time_point::duration>(
                      std::chrono::duration<double>(double(index) / plan_.rate));
}

void load_run::post(job what, http_post& out) {
  ++what.attempts;
  out.token = next_token_++;
  out.target = "/v1/reviews";
  out.content_type = plan_.batch > 1 ? "application/x-ndjson" : "application/json";
  out.idempotency_key = plan_.with_keys ? generator_.idempotency_key(what.first) : std::string();
  out.body.clear();
  for (auto i = what.first; i < what.first + what.count; ++i) {
    generator_.append_json(out.body, i, !plan_.with_keys);
    if (plan_.batch > 1)
      out.body.push_back('\n');
  }
  under_way_.emplace(out.token, what);
}

void load_run::answered(std::uint64_t token, time_point now, const outcome<http_answer>& answer) {
  const auto found = under_way_.find(token);
  if (found == under_way_.end())
    return;
  const auto what = found->second;
  under_way_.erase(found);
  if (!answer)
    return judge(what, now, no_answer, 0s, answer.error().detail);
  if (answer->status == mixed_status)
    return judge_lines(what, now, line_statuses(answer->body, what.count), answer->retry_after, answer->body);
  judge(what, now, answer->status, answer->retry_after, answer->body);
}

void load_run::judge(const job& what, time_point now, int status, std::chrono::seconds retry_after,
                     std::string_view body) {
  if (status == accepted_status)
    return accept(what, now);
  if (may_retry(what, status))
    return retry(what, now, retry_after);
  reject(what, status, body);
}

void load_run::judge_lines(const job& what, time_point now, const std::vector<int>& statuses,
                           std::chrono::seconds retry_after, std::string_view body) {
  if (statuses.empty())
    return reject(what, mixed_status, body);
  // A line's id follows from the post's key and its place: such a post is repeated as it was.
  if (plan_.with_keys &&
      std::any_of(statuses.begin(), statuses.end(), [&](int status) { return may_retry(what, status); }))
    return retry(what, now, retry_after);
  for (std::size_t begin = 0, end = 0; begin < statuses.size(); begin = end) {
    while (end < statuses.size() && statuses[end] == statuses[begin])
      ++end;
    auto part = what;
    part.first += begin;
    part.count = static_cast<std::uint32_t>(end - begin);
    judge(part, now, statuses[begin], retry_after, body);
  }
}

void load_run::accept(const job& what, time_point now) {
  counts_.accepted += what.count;
  latencies_.add(now - what.due);
}

void load_run::reject(const job& what, int status, std::string_view body) {
  counts_.rejected[status] += what.count;
  counts_.examples.try_emplace(status, body.substr(0, example_bytes_max));
}

void load_run::retry(job what, time_point now, std::chrono::seconds retry_after) {
  backoff pauses(pause_min, pause_max, static_cast<std::uint32_t>(dice_()));
  auto pause = pauses.next();
  for (std::uint32_t i = 1; i < what.attempts; ++i)
    pause = pauses.next();
  waiting_.push({now + std::max<time_point::duration>(pause, retry_after), what});
}

bool load_run::may_retry(const job& what, int status) const {
  const bool may_help = status == 429 || status == 503 || status == 504 || status == no_answer;
  return may_help && !is_stopped_ && what.attempts <= plan_.retries;
}

void load_run::tick(time_point now) {
  if (on_tick_)
    on_tick_(*this, now);
}

} // namespace reviews::ctl
