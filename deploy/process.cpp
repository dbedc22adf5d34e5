#include "deploy/process.hpp"

#include "actors/asio_scheduler.hpp"
#include "actors/model/log.hpp"

#include <caf/send.hpp>

#include <csignal>
#include <cstdlib>
#include <future>
#include <random>
#include <utility>

namespace reviews {

process::process(std::string name, std::size_t threads, const supervision_params& supervision,
                 std::vector<std::string> conditions)
    : name_(std::move(name)), registry_(std::make_shared<prometheus::Registry>()),
      supervisor_metrics_(*registry_), ready_(std::move(conditions)), loop_(static_cast<int>(threads)),
      work_(loop_.get_executor()), signals_(loop_, SIGTERM, SIGINT, SIGHUP) {
  std::signal(SIGPIPE, SIG_IGN);
  wait_for_signal();
  run_actors_on(loop_, caf_config_);
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this] { loop_.run(); });
  actors_ = std::make_unique<caf::actor_system>(caf_config_);
  desk_ = make_front_desk(*actors_);
  add_process_info(*registry_);
  supervisor_ = actors_->spawn(
      reviews::supervisor,
      supervisor_setup{supervision, &supervisor_metrics_, [this] { end_with(exit_status::software); },
                       std::random_device{}(), [this] { end_with(exit_status::unavailable); }});
  log::info("started", {{"program", name_}, {"version", REVIEWS_VERSION}, {"threads", threads}});
}

process::~process() {
  shut_down();
}

void process::shut_down() {
  if (!actors_)
    return;
  caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
  { // the management port still asks
    std::lock_guard guard(mutex_);
    supervisor_ = supervisor_private_actor{};
    desk_.reset();
  }
  actors_.reset(); // waits for the last actor, so the loop must still run
  work_.reset();
  loop_.stop();
  for (auto& each : threads_)
    each.join();
}

void process::supervise(std::vector<child_spec> children) {
  caf::anon_send(supervisor_, start_children{std::move(children)});
}

bool process::start_and_wait(std::vector<child_spec> children) {
  return wait_for([&](std::function<void()> over) {
    ask<children_started>(desk_, supervisor_, start_children{std::move(children)},
                          [over = std::move(over)](const outcome<children_started>&) { over(); });
  });
}

bool process::remove_and_wait(std::vector<std::string> names, std::chrono::milliseconds timeout) {
  return wait_for([&](std::function<void()> over) {
    ask<children_removed>(desk_, supervisor_, remove_children{std::move(names), timeout},
                          [over = std::move(over)](const outcome<children_removed>&) { over(); });
  });
}

bool process::wait_for(const std::function<void(std::function<void()>)>& begin,
                       std::chrono::milliseconds timeout) {
  auto is_over = std::make_shared<bool>(false); // outlives a wait that was given up
  begin([this, is_over] {
    std::lock_guard guard(mutex_);
    *is_over = true;
    changed_.notify_all();
  });
  std::unique_lock guard(mutex_);
  changed_.wait_for(guard, timeout, [&] { return *is_over || status_; });
  return *is_over && !status_;
}

void process::accept_reloads() {
  std::lock_guard guard(mutex_);
  accepts_reloads_ = true;
  changed_.notify_all();
}

void process::wait_for_end() {
  std::unique_lock guard(mutex_);
  while (!status_) {
    changed_.wait(guard, [this] { return status_ || (is_reload_wanted_ && accepts_reloads_); });
    if (status_)
      return;
    is_reload_wanted_ = false;
    guard.unlock();
    reload_();
    guard.lock();
  }
}

void process::describe_actors(std::function<void(std::string)> then) {
  front_desk_ptr desk;
  supervisor_private_actor whom;
  {
    std::lock_guard guard(mutex_);
    desk = desk_;
    whom = supervisor_;
  }
  if (!desk)
    return;
  ask<tree_description>(desk, whom, describe_tree{}, [then = std::move(then)](outcome<tree_description> got) {
    if (got)
      then(to_json(*got));
  });
}

void process::end_with(int status) {
  std::lock_guard guard(mutex_);
  if (!status_)
    status_ = status;
  changed_.notify_all();
}

void process::wait_for_signal() {
  signals_.async_wait([this](const boost::system::error_code& failed, int number) {
    if (failed)
      return;
    if (number == SIGHUP) {
      std::lock_guard guard(mutex_);
      is_reload_wanted_ = true;
      changed_.notify_all();
      wait_for_signal();
      return;
    }
    {
      std::lock_guard guard(mutex_);
      if (is_signalled_) {
        log::warning("ended_at_once", {{"signal", number}});
        std::_Exit(128 + number);
      }
      is_signalled_ = true;
    }
    log::info("signal_received", {{"signal", number}});
    wait_for_signal();
    end_with(exit_status::ok);
  });
}

bool process::stop_all_children(std::chrono::steady_clock::time_point deadline) {
  auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  auto answer = std::make_shared<std::promise<bool>>();
  auto answered = answer->get_future();
  ask<children_stopped>(desk_, supervisor_, stop_children{std::max(left, std::chrono::milliseconds(1))},
                        [answer](outcome<children_stopped> got) { answer->set_value(got && got->clean); });
  // A child that blocks (in the database) gets a little longer than the drain.
  constexpr std::chrono::seconds grace{2};
  return answered.wait_until(deadline + grace) == std::future_status::ready && answered.get();
}

int process::run(std::chrono::milliseconds drain_timeout,
                 const std::function<void(std::chrono::steady_clock::time_point)>& finish_requests) {
  wait_for_end();
  const auto begun = std::chrono::steady_clock::now();
  const auto deadline = begun + drain_timeout;
  ready_.begin_drain();
  log::info("drain_begun", {{"status", *status_}, {"timeout_ms", drain_timeout.count()}});
  if (finish_requests)
    finish_requests(deadline);
  const bool is_clean = stop_all_children(deadline);
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  log::info("drain_ended", {{"clean", is_clean}, {"seconds", took.count()}, {"status", *status_}});
  if (!is_clean) // somebody still blocks: joining it could take for ever
    std::_Exit(*status_);
  shut_down();
  return *status_;
}

} // namespace reviews
