#include "actors/listener.hpp"

#include "actors/error.hpp"
#include "actors/model/log.hpp"

#include <random>
#include <utility>

namespace reviews {

void listener_state::init(listener_setup setup) {
  setup_ = std::move(setup);
  source_ = setup_.make_source();
  pauses_.emplace(setup_.retry.backoff_min, setup_.retry.backoff_max, std::random_device{}());
  self_->send(self_, go_on_listening{});
}

listener_private_actor::behavior_type listener_state::make_behavior() {
  return {
      [this](describe) -> description {
        return {self_->mailbox().size(), 0, is_listening_ ? "listening" : "connecting"};
      },
      [this](go_on_listening) { go_on(); },
  };
}

void listener_state::go_on() {
  if (!is_listening_)
    return connect();
  tell_feed();
  auto heard = source_->wait(setup_.wait);
  if (!heard)
    return lost(heard.error());
  if (!heard->empty())
    if (auto feed = setup_.feed->get())
      self_->send(feed, notices_heard{std::move(*heard)});
  if (setup_.pause.count() > 0)
    self_->delayed_send(self_, setup_.pause, go_on_listening{});
  else
    self_->send(self_, go_on_listening{});
}

void listener_state::connect() {
  if (auto listening = source_->listen(); !listening)
    return lost(listening.error());
  is_listening_ = true;
  is_failing_ = false;
  pauses_->reset();
  log::info("listening_to_commits");
  self_->send(self_, go_on_listening{});
}

void listener_state::lost(const failure& why) {
  is_listening_ = false;
  tell_feed();
  const auto pause = pauses_->next();
  if (!std::exchange(is_failing_, true))
    log::warning("commits_not_heard",
                 {{"code", to_string(why.code)}, {"reason", why.detail}, {"retry_in_ms", pause.count()}});
  self_->delayed_send(self_, pause, go_on_listening{});
}

// Also a feed that was restarted meanwhile is to know.
void listener_state::tell_feed() {
  auto feed = setup_.feed->get();
  if (!feed || (feed == told_ && told_listening_ == is_listening_))
    return;
  self_->send(feed, listening_changed{is_listening_});
  told_ = std::move(feed);
  told_listening_ = is_listening_;
}

listener_private_actor::behavior_type listener(listener_private_actor::stateful_pointer<listener_state> self,
                                               const listener_setup& setup) {
  end_on_exception(self);
  self->state.init(setup); // CAF 1.x: constructor argument
  return self->state.make_behavior();
}

} // namespace reviews
