#include "actors/reporter.hpp"

#include "actors/error.hpp"
#include "actors/model/log.hpp"

#include <chrono>
#include <utility>

namespace reviews {

namespace {

constexpr std::chrono::seconds report_interval{1};
constexpr std::chrono::seconds group_timeout{5};
constexpr std::chrono::seconds writer_timeout{30};

} // namespace

void reporter_state::init(reporter_setup setup) {
  setup_ = std::move(setup);
  report_later();
}

reporter_private_actor::behavior_type reporter_state::make_behavior() {
  return {
      [this](describe) -> description {
        return {self_->mailbox().size(), 0, is_failing_ ? "failing" : "reporting"};
      },
      [this](make_report) { ask(); },
  };
}

void reporter_state::ask() {
  auto group = setup_.group->get();
  if (!group) { // its supervisor sees to it
    report_later();
    return;
  }
  self_->request(group, group_timeout, report_partitions{})
      .then([this](const partitions_reported& what) { send(what); },
            [this](const caf::error&) { report_later(); });
}

void reporter_state::send(const partitions_reported& what) {
  report_later();
  const auto index = idle_writer();
  if (!index)
    return;
  const consumer_report report{setup_.topic, setup_.group_id, setup_.consumer,
                               now_utc(),    what.rebalances, what.partitions};
  asked_.insert(*index);
  self_->request(setup_.writers->at(*index), writer_timeout, send_report{to_payloads(report)})
      .then(
          [this, index](report_sent) {
            asked_.erase(*index);
            is_failing_ = false;
          },
          [this, index](const caf::error& why) {
            asked_.erase(*index);
            if (!std::exchange(is_failing_, true))
              log::warning("report_not_sent", {{"reason", to_failure(why).detail}});
          });
}

std::optional<std::size_t> reporter_state::idle_writer() const {
  for (std::size_t i = 0; i < setup_.writers->size(); ++i)
    if (asked_.count(i) == 0 && setup_.writers->at(i))
      return i;
  return std::nullopt;
}

void reporter_state::report_later() {
  self_->delayed_send(self_, report_interval, make_report{});
}

reporter_private_actor::behavior_type reporter(reporter_private_actor::stateful_pointer<reporter_state> self,
                                               const reporter_setup& setup) {
  end_on_exception(self);
  self->state.init(setup); // CAF 1.x: constructor argument
  return self->state.make_behavior();
}

} // namespace reviews
