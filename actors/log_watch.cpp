#include "actors/log_watch.hpp"

#include "actors/error.hpp"
#include "actors/model/log.hpp"

#include <chrono>
#include <utility>

namespace reviews {

namespace {

constexpr std::chrono::milliseconds look_timeout{2'000};

} // namespace

log_watch_actor::behavior_type log_watch_state::make_behavior() {
  return {
      [this](look_at_log) { return look(); },
      [this](rest) { source_.reset(); },
      [this](describe) -> description {
        return {self_->mailbox().size(), 0, source_ ? "looking" : "resting"};
      },
  };
}

caf::result<log_seen> log_watch_state::look() {
  if (!source_)
    source_ = make_source_();
  auto seen = source_->look(look_timeout);
  if (seen) {
    is_failing_ = false;
    return log_seen{std::move(*seen)};
  }
  if (!std::exchange(is_failing_, true))
    log::warning("log_not_seen", {{"code", to_string(seen.error().code)}, {"reason", seen.error().detail}});
  return to_error(seen.error());
}

log_watch_actor::behavior_type log_watch(log_watch_actor::stateful_pointer<log_watch_state> self,
                                         const log_source_factory& make_source) {
  end_on_exception(self);
  self->state.init(make_source); // CAF 1.x: constructor argument
  return self->state.make_behavior();
}

} // namespace reviews
