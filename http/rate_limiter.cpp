#include "http/rate_limiter.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace reviews {

rate_limiter::rate_limiter(double per_second) : per_second_(per_second), is_enabled_(per_second > 0) {
  shared_.tokens = burst();
}

void rate_limiter::set_rate(double per_second) {
  const std::lock_guard lock(mutex_);
  per_second_ = per_second;
  is_enabled_ = per_second > 0;
}

std::chrono::duration<double> rate_limiter::take(const client_address& client, time_point now) {
  const std::lock_guard lock(mutex_);
  if (per_second_ <= 0)
    return std::chrono::duration<double>::zero();
  auto& b = bucket_of(client, now);
  b.tokens = tokens_at(b, now);
  b.filled_at = now;
  if (b.tokens < 1)
    return std::chrono::duration<double>((1 - b.tokens) / per_second_);
  b.tokens -= 1;
  return std::chrono::duration<double>::zero();
}

rate_limiter::quota rate_limiter::policy() const {
  const std::lock_guard lock(mutex_);
  if (per_second_ >= 1)
    return {static_cast<std::uint64_t>(per_second_), std::chrono::seconds(1)};
  return {1, std::chrono::seconds(static_cast<std::int64_t>(std::ceil(1 / std::max(per_second_, 1e-6))))};
}

std::size_t rate_limiter::hash::operator()(const client_address& address) const noexcept {
  return std::hash<std::string_view>{}({reinterpret_cast<const char*>(address.data()), address.size()});
}

rate_limiter::bucket& rate_limiter::bucket_of(const client_address& client, time_point now) {
  if (const auto known = buckets_.find(client); known != buckets_.end())
    return known->second;
  if (buckets_.size() >= clients_max)
    drop_full(now);
  if (buckets_.size() >= clients_max)
    return shared_;
  return buckets_.emplace(client, bucket{burst(), now}).first->second;
}

// At most once a second: a walk over all for each newcomer would be an attack.
void rate_limiter::drop_full(time_point now) {
  if (now < next_drop_)
    return;
  next_drop_ = now + std::chrono::seconds(1);
  std::erase_if(buckets_, [&](const auto& entry) { return tokens_at(entry.second, now) >= burst(); });
}

double rate_limiter::burst() const noexcept {
  return std::max(per_second_, 1.0);
}

double rate_limiter::tokens_at(const bucket& b, time_point now) const noexcept {
  const auto passed = std::chrono::duration<double>(now - b.filled_at).count();
  return std::min(burst(), b.tokens + std::max(passed, 0.0) * per_second_);
}

} // namespace reviews
