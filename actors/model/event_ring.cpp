#include "actors/model/event_ring.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace reviews {

namespace {

template <class T>
bool read_number(std::string_view text, T& out) noexcept {
  const auto [end, err] = std::from_chars(text.data(), text.data() + text.size(), out);
  return err == std::errc{} && end == text.data() + text.size() && out >= 0;
}

} // namespace

std::string to_string(const event_id& id) {
  return std::to_string(id.partition) + "-" + std::to_string(id.offset);
}

std::optional<event_id> parse_event_id(std::string_view text) noexcept {
  event_id id;
  const auto dash = text.find('-');
  if (dash == text.npos || !read_number(text.substr(0, dash), id.partition) ||
      !read_number(text.substr(dash + 1), id.offset))
    return std::nullopt;
  return id;
}

ring_listener::~ring_listener() {
  std::lock_guard guard(ring_->mutex_);
  ring_->listeners_.erase(this);
}

bool ring_listener::take(std::string& out, std::function<void()> wake) {
  return ring_->take(*this, out, std::move(wake));
}

event_ring::event_ring(std::size_t events_max, std::size_t bytes_max, std::size_t listeners_max)
    : events_max_(std::max<std::size_t>(events_max, 1)), bytes_max_(bytes_max),
      listeners_max_(listeners_max) {}

std::unique_ptr<ring_listener> event_ring::listen(const std::optional<event_id>& after) {
  std::lock_guard guard(mutex_);
  if (is_closed_ || listeners_.size() >= listeners_max_)
    return nullptr;
  std::unique_ptr<ring_listener> made(new ring_listener(shared_from_this()));
  made->next_ = first_ + events_.size();
  if (after)
    if (auto found = std::ranges::find(events_, *after, &entry::id); found != events_.end())
      made->next_ = first_ + static_cast<std::uint64_t>(found - events_.begin()) + 1;
  listeners_.insert(made.get());
  return made;
}

std::size_t event_ring::listeners() const {
  std::lock_guard guard(mutex_);
  return listeners_.size();
}

bool event_ring::take(ring_listener& of, std::string& out, std::function<void()> wake) {
  std::lock_guard guard(mutex_);
  if (is_closed_)
    return false;
  const auto end = first_ + events_.size();
  if (of.next_ < first_) {
    const auto newest = events_.empty() ? end : end - 1;
    out.append(": skipped ").append(std::to_string(newest - of.next_)).append(" events\n\n");
    of.next_ = newest;
  }
  const auto bytes_before = out.size();
  while (of.next_ < end) {
    const auto& text = events_[static_cast<std::size_t>(of.next_ - first_)].text;
    if (out.size() > bytes_before && out.size() - bytes_before + text.size() > ring_listener::take_bytes_max)
      break;
    out += text;
    ++of.next_;
  }
  if (of.status_seen_ != status_number_) {
    out += status_;
    of.status_seen_ = status_number_;
  }
  of.wake_ = out.empty() ? std::move(wake) : std::function<void()>();
  return true;
}

void event_ring::add(const event_id& id, std::string event) {
  std::lock_guard guard(mutex_);
  bytes_ += event.size();
  events_.push_back({id, std::move(event)});
  while (events_.size() > events_max_ || (bytes_ > bytes_max_ && events_.size() > 1))
    forget_oldest();
}

void event_ring::forget_oldest() {
  bytes_ -= events_.front().text.size();
  events_.pop_front();
  ++first_;
}

void event_ring::set_status(std::string event) {
  std::lock_guard guard(mutex_);
  status_ = std::move(event);
  ++status_number_;
}

// Called without the lock: whoever is woken may take at once.
void event_ring::tell() {
  std::vector<std::function<void()>> waiting;
  {
    std::lock_guard guard(mutex_);
    for (auto* each : listeners_)
      if (each->wake_)
        waiting.push_back(std::exchange(each->wake_, {}));
  }
  for (const auto& wake : waiting)
    wake();
}

void event_ring::clear() {
  std::lock_guard guard(mutex_);
  while (!events_.empty())
    forget_oldest();
  status_.clear();
}

void event_ring::close() {
  {
    std::lock_guard guard(mutex_);
    is_closed_ = true;
  }
  tell();
}

bool event_ring::is_closed() const {
  std::lock_guard guard(mutex_);
  return is_closed_;
}

std::size_t event_ring::events() const {
  std::lock_guard guard(mutex_);
  return events_.size();
}

std::size_t event_ring::bytes() const {
  std::lock_guard guard(mutex_);
  return bytes_;
}

} // namespace reviews
