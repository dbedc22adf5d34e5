#pragma once

#include "actors/model/backoff.hpp"
#include "deploy/reviewctl/latency_histogram.hpp"
#include "deploy/reviewctl/load_plan.hpp"
#include "deploy/reviewctl/review_generator.hpp"
#include "http/client.hpp"

#include <functional>
#include <map>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

namespace reviews::ctl {

/// What has happened so far.
struct load_counts {
  std::uint64_t sent = 0;     ///< Reviews handed to the network, each once.
  std::uint64_t accepted = 0; ///< Reviews acknowledged by 202.
  std::uint64_t retried = 0;  ///< Reviews sent again.
  /// Reviews given up, by HTTP status; 0: the connection failed at the last attempt.
  std::map<int, std::uint64_t> rejected;
  /// The first answer of each kind that was not good, cut to 300 bytes.
  std::map<int, std::string> examples;

  std::uint64_t rejected_count() const;
};

/// Decides what a load run posts when, and counts what becomes of it. Time is
/// an argument, so tests own the clock.
///
/// With a rate the loop is open: post i is due at start + i × batch / rate, and
/// its latency counts from then, so that a slow server cannot slow its own
/// measure down. Without one the loop is closed. What 429, 503, 504 or a lost
/// connection leave open is sent again with the same id, after the longer of
/// `Retry-After` and a growing pause, and in a closed loop keeps its place until then.
///
/// Holds some 48 bytes for each post under way or waiting for another attempt;
/// in an open loop nothing new is sent while `waiting_max` wait.
class load_run : public http_post_source {
public:
  static constexpr std::size_t waiting_max = 100'000;

  load_run(const load_plan& plan, const review_generator& generator, time_point start,
           std::function<void(load_run&, time_point)> on_tick = {});

  decision next(time_point now, http_post& out) override;
  void answered(std::uint64_t token, time_point now, const outcome<http_answer>& answer) override;
  void tick(time_point now) override;

  /// Sends nothing more; what is under way is still counted.
  void stop() { is_stopped_ = true; }

  const load_counts& counts() const { return counts_; }
  /// From the time a post was due to its acceptance, retries included.
  const latency_histogram& latencies() const { return latencies_; }

private:
  struct job {
    std::uint64_t first = 0;
    std::uint32_t count = 0;
    std::uint32_t attempts = 0;
    time_point due{}; ///< When it should have been sent first.
  };
  struct waiting_job {
    time_point again;
    job what;
    bool operator>(const waiting_job& other) const { return again > other.again; }
  };

  bool has_room() const;
  time_point due_of(std::uint64_t index) const;
  void post(job what, http_post& out);
  void judge(const job& what, time_point now, int status, std::chrono::seconds retry_after,
             std::string_view body);
  void judge_lines(const job& what, time_point now, const std::vector<int>& statuses,
                   std::chrono::seconds retry_after, std::string_view body);
  void accept(const job& what, time_point now);
  void reject(const job& what, int status, std::string_view body);
  void retry(job what, time_point now, std::chrono::seconds retry_after);
  bool may_retry(const job& what, int status) const;

  const load_plan plan_;
  const review_generator& generator_;
  const time_point start_;
  std::function<void(load_run&, time_point)> on_tick_;
  std::uint64_t next_index_ = 0;
  std::uint64_t next_token_ = 0;
  bool is_stopped_ = false;
  std::unordered_map<std::uint64_t, job> under_way_;
  std::priority_queue<waiting_job, std::vector<waiting_job>, std::greater<>> waiting_;
  std::minstd_rand dice_;
  load_counts counts_;
  latency_histogram latencies_;
};

} // namespace reviews::ctl
