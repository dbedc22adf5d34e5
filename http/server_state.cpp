#include "http/server_state.hpp"

#include "http/http_metrics.hpp"

#include "http/session.hpp"

#include <algorithm>
#include <vector>

namespace reviews {

namespace {

/// Adds only what fits, so that a try that fails never stands in another one's way.
bool try_add(std::atomic<std::size_t>& sum, std::size_t bytes, std::size_t max) noexcept {
  auto before = sum.load(std::memory_order_relaxed);
  do
    if (bytes > max - std::min(before, max))
      return false;
  while (!sum.compare_exchange_weak(before, before + bytes, std::memory_order_relaxed));
  return true;
}

} // namespace

session_registry::place session_registry::add(session& s) {
  const std::lock_guard lock(mutex_);
  size_.fetch_add(1, std::memory_order_relaxed);
  return sessions_.insert(sessions_.end(), &s);
}

void session_registry::remove(place at) {
  const std::lock_guard lock(mutex_);
  size_.fetch_sub(1, std::memory_order_relaxed);
  sessions_.erase(at);
}

void session_registry::for_each(const std::function<bool(const session&)>& pick,
                                const std::function<void(session&)>& visit) const {
  // Held beyond the lock: the last owner of a session takes the lock to remove it.
  std::vector<std::shared_ptr<session>> picked;
  {
    const std::lock_guard lock(mutex_);
    for (auto* s : sessions_)
      if (pick(*s))
        if (auto alive = s->weak_from_this().lock())
          picked.push_back(std::move(alive));
  }
  for (const auto& s : picked)
    visit(*s);
}

server_state::server_state(http_params p, router r, http_metrics* m)
    : params(std::move(p)), routes(std::move(r)), metrics(m), write_timeout(params.body_timeout),
      limiter(params.rate_limit) {
  if (!metrics)
    return;
  meters_.emplace(nullptr, &metrics->route(""));
  for (const auto& each : routes.routes())
    meters_.emplace(each.get(), &metrics->route(each->pattern()));
}

route_meter* server_state::meter_of(const route* r) const {
  const auto known = meters_.find(r);
  return known == meters_.end() ? nullptr : known->second;
}

bool server_state::try_hold(room& in, std::size_t bytes) noexcept {
  if (!try_add(in.bytes, bytes, params.bodies_bytes_max))
    return false;
  if (metrics)
    (metrics->*in.show)(in.bytes.load(std::memory_order_relaxed));
  return true;
}

void server_state::let_go(room& of, std::size_t bytes) noexcept {
  const auto before = of.bytes.fetch_sub(bytes, std::memory_order_relaxed);
  if (metrics)
    (metrics->*of.show)(before - bytes);
}

} // namespace reviews
