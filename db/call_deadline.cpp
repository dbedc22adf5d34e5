#include "db/call_deadline.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace reviews {

call_deadline::call_deadline(int socket) : socket_(::fcntl(socket, F_DUPFD_CLOEXEC, 0)) {
  if (socket_ < 0)
    throw std::system_error(errno, std::generic_category(), "call_deadline: dup");
  try {
    watcher_ = std::thread([this] { watch(); });
  } catch (...) {
    ::close(socket_);
    throw;
  }
}

call_deadline::~call_deadline() {
  {
    std::lock_guard guard(mutex_);
    is_ending_ = true;
  }
  changed_.notify_one();
  watcher_.join();
  ::close(socket_);
}

call_deadline::scope call_deadline::arm(std::chrono::milliseconds limit) {
  bool was_idle = false;
  {
    std::lock_guard guard(mutex_);
    was_idle = !due_;
    due_ = clock::now() + limit;
  }
  if (was_idle)
    changed_.notify_one();
  return scope(*this);
}

void call_deadline::disarm() {
  std::lock_guard guard(mutex_);
  due_.reset();
}

// Disarming wakes nobody: the watcher finds out when the old deadline passes.
void call_deadline::watch() {
  std::unique_lock guard(mutex_);
  while (!is_ending_) {
    if (!due_) {
      changed_.wait(guard);
      continue;
    }
    const auto due = *due_;
    changed_.wait_until(guard, due);
    if (due_ && !is_ending_ && clock::now() >= *due_) {
      ::shutdown(socket_, SHUT_RDWR);
      due_.reset();
    }
  }
}

} // namespace reviews
