#pragma once

#include "actors/actor_address.hpp"
#include "actors/params.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <limits>
#include <memory>
#include <utility>

namespace reviews {

/// A pool's actors by number, and how many of them share the work; that
/// changes while others use it. Thread-safe. An actor beyond the size may
/// still run: it finishes what it has and is given nothing new.
template <class Handle>
class actor_pool {
public:
  /// A piece of work for one actor of the pool.
  struct task {
    Handle to; ///< Null when none runs.
    std::size_t index = 0;
    /// While it lives, the actor counts as busy with the task. Who asked may be gone before the task is done:
    /// then it counts no more.
    std::shared_ptr<const void> mark;
  };

  /// @param size 1..`pool_size_max`.
  explicit actor_pool(std::size_t size) : size_(size) {
    std::generate(addresses_.begin(), addresses_.end(), make_address<Handle>);
    std::generate(marks_.begin(), marks_.end(), [] { return std::make_shared<char>(); });
  }

  std::size_t size() const { return size_.load(std::memory_order_acquire); }

  /// Whoever asks for an actor from now on gets one of the first `size`. @pre 1..`pool_size_max`.
  void resize(std::size_t size) { size_.store(size, std::memory_order_release); }

  /// The number of the actor in charge of `key`: `key` mod size.
  std::size_t index_of(std::size_t key) const { return key % size(); }

  /// The actor in charge of `key`; a null handle while it is being restarted.
  Handle of(std::size_t key) const { return at(index_of(key)); }

  /// For work that any of them can do: goes to the one that runs and has the fewest tasks; of equals to the
  /// one in charge of `key`, or the next after it.
  task begin_task(std::size_t key) const {
    task result;
    auto fewest = std::numeric_limits<long>::max();
    const auto count = size();
    for (std::size_t i = 0; i < count; ++i) {
      const auto index = (key + i) % count;
      const auto tasks = marks_[index].use_count();
      if (tasks >= fewest)
        continue;
      if (auto to = at(index)) {
        fewest = tasks;
        result = {std::move(to), index, marks_[index]};
      }
    }
    return result;
  }

  /// The same for what another could not do: of equals to the next after that one.
  task begin_task(std::size_t key, const task& in_vain) const {
    return begin_task(in_vain.mark ? in_vain.index + 1 : key);
  }

  /// Number `index`, also one beyond the size. @pre Below `pool_size_max`.
  Handle at(std::size_t index) const { return addresses_[index]->get(); }

  /// Where its supervisor puts number `index`. @pre Below `pool_size_max`.
  const address_ptr<Handle>& address(std::size_t index) const { return addresses_[index]; }

  /// Sends `what` to every actor that runs, those beyond the size included.
  template <class Message>
  void tell_all(const Message& what) const {
    for (const auto& each : addresses_)
      if (auto to = each->get())
        caf::anon_send(to, what);
  }

private:
  std::array<address_ptr<Handle>, pool_size_max> addresses_;
  std::array<std::shared_ptr<const void>, pool_size_max> marks_; ///< Used once more for each task.
  std::atomic<std::size_t> size_;
};

template <class Handle>
using pool_ptr = std::shared_ptr<actor_pool<Handle>>;

template <class Handle>
pool_ptr<Handle> make_pool(std::size_t size) {
  return std::make_shared<actor_pool<Handle>>(size);
}

} // namespace reviews
