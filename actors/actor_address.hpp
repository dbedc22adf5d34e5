#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace reviews {

/// The address of an actor that outlives it: its supervisor puts each newcomer
/// in, whoever talks to it asks for the handle at each use. Thread-safe.
template <class Handle>
class actor_address {
public:
  /// The actor now in charge; a null handle while there is none.
  Handle get() const {
    std::lock_guard guard(mutex_);
    return handle_;
  }

  void set(Handle handle) {
    std::lock_guard guard(mutex_);
    std::swap(handle_, handle);
  }

  void clear() { set(Handle{}); }

private:
  mutable std::mutex mutex_;
  Handle handle_{};
};

template <class Handle>
using address_ptr = std::shared_ptr<actor_address<Handle>>;

template <class Handle>
address_ptr<Handle> make_address() {
  return std::make_shared<actor_address<Handle>>();
}

} // namespace reviews
