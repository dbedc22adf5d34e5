#pragma once

#include "actors/actor_address.hpp"
#include "actors/ask.hpp"
#include "actors/interfaces.hpp"
#include "actors/metrics.hpp"
#include "actors/model/readiness.hpp"
#include "actors/params.hpp"
#include "actors/supervisor.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace reviews {

/// The documented exit statuses (sysexits.h).
namespace exit_status {
inline constexpr int ok = 0;
inline constexpr int unavailable = 69; ///< A needed server refused for good.
inline constexpr int software = 70;    ///< Supervision gave up.
inline constexpr int config = 78;
} // namespace exit_status

/// What both programs have in common: one loop of threads for sessions and
/// actors, the supervisor, the registry of metrics, signals and the end.
class process {
public:
  /// @param threads Of the loop; at least 1.
  /// @param conditions What must be met before the process is ready, by name.
  process(std::string name, std::size_t threads, const supervision_params& supervision,
          std::vector<std::string> conditions);
  ~process();
  process(const process&) = delete;
  process& operator=(const process&) = delete;

  boost::asio::io_context& loop() { return loop_; }
  caf::actor_system& actors() { return *actors_; }
  prometheus::Registry& metrics() { return *registry_; }
  const front_desk_ptr& desk() const { return desk_; }
  readiness& ready() { return ready_; }

  /// Starts these children under the supervisor, in this order.
  void supervise(std::vector<child_spec> children);

  /// As `supervise`, and waits until they can be reached. See `wait_for`.
  bool start_and_wait(std::vector<child_spec> children);

  /// Stops children for good, each with what its drain needs up to `timeout`,
  /// and waits until they have ended. See `wait_for`.
  bool remove_and_wait(std::vector<std::string> names, std::chrono::milliseconds timeout);

  /// Calls `begin` with what is to be called when it is over, from any thread,
  /// and waits for that call, at most `timeout`. False when it did not come,
  /// also because the process is to end. Only for the reload.
  bool wait_for(const std::function<void(std::function<void()> over)>& begin,
                std::chrono::milliseconds timeout = std::chrono::hours(1));

  /// What SIGHUP does; it runs in `run`, one at a time, and not any more once
  /// the process is to end. A signal that comes while it runs, or before
  /// `accept_reloads`, is not forgotten. @pre `run` is not called yet.
  void on_reload(std::function<void()> reload) { reload_ = std::move(reload); }

  /// All children are there: from now on SIGHUP is heard. Thread-safe.
  void accept_reloads();

  /// Calls `then` with the supervision tree as JSON; not at all when the actors are stuck.
  void describe_actors(std::function<void(std::string)> then);

  /// Ends the process with `status` after a drain. The first one counts. Thread-safe.
  void end_with(int status);

  /// Waits for SIGTERM, SIGINT or `end_with`, reloading at SIGHUP, then drains: calls
  /// `finish_requests` with the deadline, stops the children and the loop.
  /// Returns the exit status. A second signal ends the process at once.
  int run(std::chrono::milliseconds drain_timeout,
          const std::function<void(std::chrono::steady_clock::time_point)>& finish_requests = {});

private:
  void wait_for_signal();
  void wait_for_end();
  void shut_down();
  bool stop_all_children(std::chrono::steady_clock::time_point deadline);

  std::string name_;
  std::shared_ptr<prometheus::Registry> registry_;
  supervisor_metrics supervisor_metrics_;
  readiness ready_;
  boost::asio::io_context loop_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::signal_set signals_;
  caf::actor_system_config caf_config_;
  std::unique_ptr<caf::actor_system> actors_;
  std::vector<std::thread> threads_;
  front_desk_ptr desk_;
  supervisor_private_actor supervisor_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<int> status_;
  bool is_signalled_ = false;
  std::function<void()> reload_;
  bool is_reload_wanted_ = false;
  bool accepts_reloads_ = false;
};

} // namespace reviews
