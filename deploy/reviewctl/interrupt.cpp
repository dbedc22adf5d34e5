#include "deploy/reviewctl/interrupt.hpp"

#include <atomic>
#include <csignal>

namespace reviews::ctl {

namespace {

std::atomic<bool> was_pressed{false};
static_assert(std::atomic<bool>::is_always_lock_free); // a signal handler sets it

} // namespace

void end_on_interrupt() {
  std::signal(SIGINT, [](int) { was_pressed = true; });
}

bool is_interrupted() {
  return was_pressed;
}

} // namespace reviews::ctl
