// Posts reviews over kept-alive connections from one thread, and measures.
//
// Closed loop (`--rate 0`): each connection posts again when its answer is
// there. Open loop: posts are due at fixed intervals whatever the answers do,
// wait for a free connection when none is, and their latency counts from the
// moment they were due, so that a slow server cannot hide by being asked less.
// At its end no post is forgotten: what was due is still posted and answered,
// and what is not answered within `answers_wait` counts with its wait so far.
// Counts and latencies are those of accepted posts; other answers are counted by status.

#include "tests/bench/measure.hpp"
#include "tests/bench/options.hpp"
#include "tests/bench/post_connection.hpp"
#include "tests/bench/sample_reviews.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <map>

using namespace reviews;
using namespace reviews::bench;

namespace {

using clock_type = std::chrono::steady_clock;
using time_point = clock_type::time_point;

std::vector<std::string> make_requests(const options& given) {
  const auto lines = given.number("batch");
  const auto reviews = sample_reviews(seed_of_now(), given.number("vendors"))
                           .posted(std::max(given.number("pool"), lines * 64));
  std::vector<std::string> result;
  for (std::size_t i = 0; i + lines <= reviews.size(); i += lines) {
    std::string body = reviews[i];
    for (std::size_t line = 1; line < lines; ++line)
      body.append("\n").append(reviews[i + line]);
    result.push_back("POST /v1/reviews HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/" +
                     std::string(lines == 1 ? "json" : "x-ndjson") +
                     "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  return result;
}

class load {
public:
  load(const options& given, const std::vector<std::string>& requests)
      : requests_(requests), poll_(::epoll_create1(0)), rate_(double(given.number("rate"))) {
    const auto count = given.number("connections");
    connections_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      auto& each = connections_.emplace_back(static_cast<std::uint16_t>(given.number("port")));
      epoll_event wanted{EPOLLIN | EPOLLOUT | EPOLLET, {.ptr = &each}};
      ::epoll_ctl(poll_, EPOLL_CTL_ADD, each.socket(), &wanted);
      idle_.push_back(&each);
    }
  }

  /// Posts for that long, and forgets what was measured before.
  void run_for(double seconds) {
    latencies_ = {};
    statuses_.clear();
    posted_ = 0;
    unanswered_ = 0;
    began_ = clock_type::now();
    const auto end =
        began_ + std::chrono::duration_cast<clock_type::duration>(std::chrono::duration<double>(seconds));
    for (auto now = began_; now < end; now = clock_type::now()) {
      post_what_is_due(now);
      take_answers(idle_.empty() ? longest_wait : next_due_at(now) - clock_type::now());
    }
    if (rate_ > 0)
      await_answers(end);
  }

  const std::map<int, std::size_t>& statuses() const { return statuses_; }

  /// Of the posts that were accepted, and of those that nobody answered.
  const ctl::latency_histogram& latencies() const { return latencies_; }

  /// Posts of the open loop that were due and had no answer even then.
  std::size_t unanswered() const { return unanswered_; }

private:
  /// Of every post that was due before `due_before`.
  void await_answers(time_point due_before) {
    const auto has_unsent = [&] { return next_due_at(due_before) < due_before; };
    const auto give_up_at = due_before + answers_wait;
    while ((has_unsent() || idle_.size() < connections_.size()) && clock_type::now() < give_up_at) {
      post_what_is_due(due_before);
      take_answers(longest_wait);
    }
    const auto now = clock_type::now();
    const auto give_up = [&](time_point due_at) {
      latencies_.add(now - due_at);
      ++unanswered_;
    };
    for (; has_unsent(); ++posted_)
      give_up(next_due_at(due_before));
    for (const auto& each : connections_)
      if (std::find(idle_.begin(), idle_.end(), &each) == idle_.end())
        give_up(each.due_at());
  }

  void post_what_is_due(time_point now) {
    for (auto due_at = next_due_at(now); !idle_.empty() && due_at <= now; due_at = next_due_at(now)) {
      idle_.front()->post(requests_[next_++ % requests_.size()], due_at);
      idle_.pop_front();
      ++posted_;
    }
  }

  time_point next_due_at(time_point now) const {
    if (rate_ == 0)
      return now;
    return began_ + std::chrono::nanoseconds(static_cast<std::int64_t>(double(posted_) * 1e9 / rate_));
  }

  void take_answers(std::chrono::nanoseconds wait) {
    std::array<epoll_event, 256> events;
    const timespec timeout{0, std::clamp<long>(wait.count(), 0, longest_wait.count())};
    const int count =
        ::epoll_pwait2(poll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
    for (int i = 0; i < count; ++i) {
      auto& from = *static_cast<post_connection*>(events[static_cast<std::size_t>(i)].data.ptr);
      from.send();
      if (const auto status = from.receive()) {
        if (*status == accepted)
          latencies_.add(clock_type::now() - from.due_at());
        ++statuses_[*status];
        idle_.push_back(&from);
      }
    }
  }

  static constexpr int accepted = 202;
  static constexpr std::chrono::nanoseconds longest_wait = std::chrono::milliseconds(50);
  static constexpr std::chrono::seconds answers_wait{10};

  const std::vector<std::string>& requests_;
  int poll_;
  double rate_;
  std::vector<post_connection> connections_;
  std::deque<post_connection*> idle_; ///< Longest idle first.
  std::size_t next_ = 0;
  std::size_t posted_ = 0;
  std::size_t unanswered_ = 0;
  time_point began_;
  ctl::latency_histogram latencies_;
  std::map<int, std::size_t> statuses_;
};

} // namespace

int main(int argc, char** argv) {
  const options given(argc, argv, "Posts reviews and measures; --pid is the server whose usage is read.",
                      {{"port", "8080"},
                       {"connections", "64"},
                       {"seconds", "4"},
                       {"warm-up", "1"},
                       {"batch", "1"},
                       {"rate", "0"},
                       {"vendors", "1000"},
                       {"pool", "4096"},
                       {"pid", "0"}});
  const auto requests = make_requests(given);
  load posts(given, requests);
  posts.run_for(double(given.number("warm-up")));
  const auto before = usage_of(given.number("pid"));
  const measure steady;
  posts.run_for(double(given.number("seconds")));
  const auto after = usage_of(given.number("pid"));
  auto result = describe(posts.latencies());
  std::size_t answers = 0;
  for (const auto& [status, count] : posts.statuses()) {
    result["status_" + std::to_string(status)] = count;
    answers += status == 202 ? count : 0;
  }
  result["unanswered"] = posts.unanswered();
  result["server_cpu_seconds"] = after.cpu_seconds - before.cpu_seconds;
  result["server_rss_bytes"] = after.rss_bytes;
  result["server_peak_rss_bytes"] = after.peak_rss_bytes;
  steady.print(answers * given.number("batch"), result);
}
