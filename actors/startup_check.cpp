#include "actors/startup_check.hpp"

#include "actors/error.hpp"
#include "actors/model/log.hpp"

#include <random>
#include <utility>

namespace reviews {

void startup_check_state::init(startup_check_setup setup) {
  setup_ = std::move(setup);
  pauses_.emplace(setup_.retry.backoff_min, setup_.retry.backoff_max, std::random_device{}());
  self_->send(self_, test_conditions{});
}

startup_check_private_actor::behavior_type startup_check_state::make_behavior() {
  return {
      [this](describe) -> description {
        return {self_->mailbox().size(), setup_.conditions.size() - met_count_, "checking"};
      },
      [this](test_conditions) { test(); },
  };
}

void startup_check_state::test() {
  while (met_count_ < setup_.conditions.size()) {
    auto& condition = setup_.conditions[met_count_];
    auto result = condition.test();
    if (result) {
      ++met_count_;
      pauses_->reset();
      setup_.on_met(condition.name);
      continue;
    }
    const auto& why = result.error();
    if (why.code != ec::unavailable) {
      log::error("startup_refused", {{"condition", condition.name}, {"reason", why.detail}});
      setup_.on_refused(why);
      self_->quit();
      return;
    }
    auto delay = pauses_->next();
    log::warning("startup_waiting",
                 {{"condition", condition.name}, {"reason", why.detail}, {"retry_in_ms", delay.count()}});
    self_->delayed_send(self_, delay, test_conditions{});
    return;
  }
  setup_.on_all_met();
  self_->quit();
}

startup_check_private_actor::behavior_type
startup_check(startup_check_private_actor::stateful_pointer<startup_check_state> self,
              const startup_check_setup& setup) {
  end_on_exception(self);
  self->state.init(setup); // CAF 1.x: constructor argument
  return self->state.make_behavior();
}

} // namespace reviews
