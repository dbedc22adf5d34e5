#include "http/server_state.hpp"

#include "http/http_metrics.hpp"

#include "http/session.hpp"

#include <vector>

namespace reviews {

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

bool server_state::try_hold_body(std::size_t bytes) noexcept {
  const auto before = bodies_bytes_.fetch_add(bytes, std::memory_order_relaxed);
  if (before + bytes <= params.bodies_bytes_max) {
    if (metrics)
      metrics->set_bodies_bytes(before + bytes);
    return true;
  }
  bodies_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  return false;
}

void server_state::let_go_of_body(std::size_t bytes) noexcept {
  const auto before = bodies_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  if (metrics)
    metrics->set_bodies_bytes(before - bytes);
}

} // namespace reviews
