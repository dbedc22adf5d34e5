#include "actors/asio_scheduler.hpp"

#include <boost/asio/defer.hpp>

#include <caf/actor_system.hpp>
#include <caf/detail/thread_safe_actor_clock.hpp>
#include <caf/execution_unit.hpp>
#include <caf/logger.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <thread>

namespace reviews {

namespace {

namespace asio = boost::asio;

class asio_scheduler final : public caf::scheduler::abstract_coordinator {
public:
  asio_scheduler(caf::actor_system& sys, asio::io_context& loop) : abstract_coordinator(sys), loop_(loop) {}

  // Deferred, not posted: when a session or an actor asks, no other thread is woken for it.
  void enqueue(caf::resumable* job) override {
    jobs_.fetch_add(1, std::memory_order_relaxed);
    asio::defer(loop_, [this, job] {
      run(job);
      jobs_.fetch_sub(1, std::memory_order_release); // the last touch: `stop` may return now
    });
  }

  caf::actor_clock& clock() noexcept override { return clock_; }

  bool detaches_utility_actors() const override { return true; }

  void start() override {
    timer_ = std::thread([this] {
      system().thread_started();
      clock_.run_dispatch_loop();
      system().thread_terminates();
    });
    abstract_coordinator::start();
  }

  void stop() override {
    stop_actors();
    // The timeout of each request, answered or not, holds its actor until it
    // is due; the system would wait for the threads of detached ones for ever.
    clock_.cancel_all();
    clock_.cancel_dispatch_loop();
    timer_.join();
    // An actor counts as gone before the job in which it ends is over, and that
    // job still uses the system.
    constexpr std::chrono::milliseconds look_interval{1};
    while (jobs_.load(std::memory_order_acquire) > 0)
      std::this_thread::sleep_for(look_interval);
  }

private:
  /// What an actor sees of the thread it runs on.
  class unit final : public caf::execution_unit {
  public:
    explicit unit(asio_scheduler& parent) : execution_unit(&parent.system()), parent_(parent) {}
    void exec_later(caf::resumable* job) override { parent_.enqueue(job); }

  private:
    asio_scheduler& parent_;
  };

  void run(caf::resumable* job) {
    unit here(*this);
    const auto result = job->resume(&here, max_throughput_);
    // An actor that spawned another left the system's logger with this thread,
    // and the system would wait for that reference at its end.
    caf::logger::set_current_actor_system(nullptr);
    switch (result) {
    case caf::resumable::resume_later: enqueue(job); break;
    case caf::resumable::done:
    case caf::resumable::awaiting_message: caf::intrusive_ptr_release(job); break;
    case caf::resumable::shutdown_execution_unit: break;
    }
  }

  asio::io_context& loop_;
  std::atomic<std::size_t> jobs_{0}; ///< Waiting or running.
  caf::detail::thread_safe_actor_clock clock_;
  std::thread timer_;
};

} // namespace

void run_actors_on(asio::io_context& loop, caf::actor_system_config& cfg) {
  cfg.module_factories.push_back([&loop](caf::actor_system& sys) -> caf::actor_system::module* {
    return new asio_scheduler(sys, loop);
  });
}

} // namespace reviews
