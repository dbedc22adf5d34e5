#define CAF_SUITE asio_scheduler

#include "actors/asio_scheduler.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/ref_counted.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <atomic>
#include <chrono>
#include <thread>

using namespace reviews;
using namespace std::chrono_literals;

namespace {

/// A job that takes a while, as the end of an actor may.
class slow_job final : public caf::resumable, public caf::ref_counted {
public:
  explicit slow_job(std::atomic<bool>& is_over) : is_over_(is_over) {}

  resume_result resume(caf::execution_unit*, std::size_t) override {
    std::this_thread::sleep_for(100ms);
    is_over_ = true;
    return done;
  }

  void intrusive_ptr_add_ref_impl() override { ref(); }
  void intrusive_ptr_release_impl() override { deref(); }

private:
  std::atomic<bool>& is_over_;
};

} // namespace

CAF_TEST(the system ends only after the jobs that run) {
  boost::asio::io_context loop;
  auto work = boost::asio::make_work_guard(loop);
  std::thread runner([&] { loop.run(); });
  caf::actor_system_config settings;
  run_actors_on(loop, settings);
  std::atomic<bool> is_over = false;

  {
    caf::actor_system system(settings);
    system.scheduler().enqueue(new slow_job(is_over));
  }
  const bool was_over = is_over;

  CAF_CHECK(was_over);
  work.reset();
  runner.join();
}
