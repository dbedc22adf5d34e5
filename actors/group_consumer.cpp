#include "actors/group_consumer.hpp"

#include "actors/error.hpp"
#include "actors/model/log.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <utility>

namespace reviews {

namespace {

constexpr std::chrono::seconds tick_interval{1};
constexpr std::uint64_t ticks_an_again = 60;
constexpr std::chrono::milliseconds range_timeout{3'000};
constexpr std::chrono::milliseconds close_timeout{5'000};

} // namespace

group_consumer_state::~group_consumer_state() {
  client_.reset();
  if (drain_promise_)
    drain_promise_->deliver(drained{});
  for (auto& each : resize_promises_)
    each.deliver(to_error({ec::unavailable, "group consumer: expected it running, got its end", {}}));
}

void group_consumer_state::init(group_consumer_setup setup) {
  setup_ = std::move(setup);
  // A past incarnation may have left epochs with the consumers: begin above them.
  last_epoch_ = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  auto client = setup_.make_client();
  if (!client) {
    log::error("group_consumer_failed", {{"reason", client.error().detail}});
    self_->quit(to_error(client.error()));
    return;
  }
  client_ = std::move(*client);
  auto weak = caf::actor_cast<caf::weak_actor_ptr>(self_);
  client_->on_events([weak] {
    if (auto strong = weak.lock())
      caf::anon_send(caf::actor_cast<group_consumer_private_actor>(strong), group_events_ready{});
  });
  // What a past incarnation showed and handed out is not ours any more.
  for (const auto partition : setup_.metrics->known_partitions())
    show_nothing(partition);
  for (std::size_t i = 0; i < pool_size_max; ++i)
    ask_to_release(i, {}, [] {});
  self_->send(self_, group_tick{});
}

group_consumer_private_actor::behavior_type group_consumer_state::make_behavior() {
  return {
      [this](const partition_stored& what) {
        if (auto* mine = find(what.partition, what.epoch)) {
          mine->stored_offset = what.next_offset;
          mine->trouble.reset();
          mine->pauses.reset();
        }
      },
      [this](const partition_failed& what) {
        auto* mine = find(what.partition, what.epoch);
        if (!mine || mine->is_stopped)
          return;
        if (what.why.code == ec::refused || what.why.code == ec::offset_gone)
          stop_for_good(what.partition, *mine, what.why);
        else
          retry_later(what.partition, *mine, what.why);
      },
      [this](const partition_waiting& what) {
        if (auto* mine = find(what.partition, what.epoch)) {
          ++mine->signs_of_life;
          mine->trouble = what.why;
        }
      },
      [this](look_at_partitions) { return partitions_seen{sights()}; },
      [this](report_partitions) { return report(); },
      [this](const consumer_started& what) {
        for (auto& [partition, mine] : assignments_)
          if (setup_.consumers->index_of(static_cast<std::size_t>(partition)) == what.index)
            begin(partition);
      },
      [this](const resize_consumers& what) -> caf::result<consumers_resized> {
        auto promise = self_->make_response_promise();
        resize_promises_.push_back(promise);
        share_among(what.count);
        answer_resizes();
        return caf::delegated<consumers_resized>{};
      },
      [this](drain) -> caf::result<drained> {
        is_draining_ = true;
        drain_promise_ = self_->make_response_promise();
        std::vector<std::int32_t> all;
        for (const auto& [partition, mine] : assignments_)
          all.push_back(partition);
        release(std::move(all), [this] { leave(); });
        return caf::delegated<drained>{};
      },
      [this](describe) -> description {
        return {self_->mailbox().size(), assignments_.size(), is_draining_ ? "draining" : "running"};
      },
      [this](group_events_ready) { take_events(); },
      [this](group_tick) {
        take_events();
        tell_offsets();
        show_lag();
        self_->delayed_send(self_, tick_interval, group_tick{});
      },
      [this](const partition_retry& what) {
        if (find(what.partition, what.epoch))
          begin(what.partition);
      },
  };
}

group_consumer_state::assignment* group_consumer_state::find(std::int32_t partition, std::uint64_t epoch) {
  auto found = assignments_.find(partition);
  return found != assignments_.end() && found->second.epoch == epoch ? &found->second : nullptr;
}

void group_consumer_state::take_events() {
  if (!client_)
    return;
  for (auto& each : client_->take_events())
    std::visit([this](const auto& event) { handle(event); }, each);
}

void group_consumer_state::handle(const partitions_assigned& what) {
  count_rebalance();
  log::info("partitions_assigned", {{"count", what.partitions.size()}});
  setup_.on_joined();
  if (is_draining_)
    return;
  for (auto partition : what.partitions) {
    assignments_.insert_or_assign(partition,
                                  assignment(backoff(setup_.retry.backoff_min, setup_.retry.backoff_max,
                                                     static_cast<std::uint32_t>(partition + 1))));
    begin(partition);
  }
}

void group_consumer_state::handle(const consumer_problem& what) {
  if (what.what.code == ec::refused) {
    log::error("group_refused", {{"reason", what.what.detail}});
    setup_.on_refused(what.what);
  } else if (what.what.code == ec::broken) {
    log::error("group_consumer_failed", {{"reason", what.what.detail}});
    self_->quit(to_error(what.what));
  } else {
    log::warning("group_problem", {{"code", to_string(what.what.code)}, {"reason", what.what.detail}});
  }
}

void group_consumer_state::begin(std::int32_t partition) {
  auto& mine = assignments_.at(partition);
  if (mine.is_moving || mine.is_stopped || is_draining_)
    return;
  const auto epoch = mine.epoch = ++last_epoch_;
  auto task = setup_.writers->begin_task(static_cast<std::size_t>(partition), mine.reading);
  if (!task.to) {
    retry_later(partition, mine,
                {ec::unavailable, "writer: expected it running, got a restart under way", {}});
    return;
  }
  mine.reading = std::move(task);
  self_->request(mine.reading.to, setup_.answer_timeout, read_offsets{{partition}})
      .then(
          [this, partition, epoch](const offsets_read& got) {
            auto* lane = find(partition, epoch);
            if (!lane)
              return;
            lane->reading = {};
            start(partition, *lane, got.next_offsets.front());
          },
          [this, partition, epoch](const caf::error& why) {
            auto* lane = find(partition, epoch);
            if (!lane)
              return;
            const auto what = to_failure(why);
            setup_.metrics->count_store_failure(what.code);
            if (what.code == ec::refused)
              stop_for_good(partition, *lane, what);
            else
              retry_later(partition, *lane, what);
          });
}

void group_consumer_state::start(std::int32_t partition, assignment& mine, std::optional<std::int64_t> from) {
  if (mine.is_moving || is_draining_) // begun anew when it is released; or not at all
    return;
  mine.stored_offset = from;
  mine.is_offset_read = true;
  auto queue = client_->start(partition, from);
  if (!queue) {
    retry_later(partition, mine, queue.error());
    return;
  }
  const auto index = setup_.consumers->index_of(static_cast<std::size_t>(partition));
  auto to = setup_.consumers->at(index);
  if (!to) {
    retry_later(partition, mine,
                {ec::unavailable, "consumer: expected it running, got a restart under way", {}});
    return;
  }
  mine.queue = std::move(*queue);
  mine.holder = index;
  mine.trouble.reset();
  log::info("partition_started", {{"partition", partition}, {"offset", from.value_or(-1)}});
  self_->send(to, consume_partition{partition, mine.epoch, mine.queue, from});
}

void group_consumer_state::retry_later(std::int32_t partition, assignment& mine, const failure& why) {
  auto delay = mine.pauses.next();
  ++mine.signs_of_life;
  mine.trouble = why.code;
  log::warning("partition_restarting", {{"partition", partition},
                                        {"reason", to_string(why.code)},
                                        {"detail", why.detail},
                                        {"retry_in_ms", delay.count()}});
  setup_.metrics->of(partition).paused.Set(1);
  client_->stop(partition);
  mine.queue.reset();
  self_->delayed_send(self_, delay, partition_retry{partition, mine.epoch});
}

void group_consumer_state::stop_for_good(std::int32_t partition, assignment& mine, const failure& why) {
  mine.is_stopped = true;
  mine.reading = {};
  mine.trouble = why.code;
  setup_.metrics->of(partition).paused.Set(1);
  setup_.metrics->of(partition).stopped.Set(1);
  auto detail = why.code == ec::offset_gone ? account_of_gap(partition, mine) : why.detail;
  log::error("partition_stopped",
             {{"partition", partition}, {"reason", to_string(why.code)}, {"detail", detail}});
  client_->stop(partition);
  mine.queue.reset();
  if (mine.holder)
    ask_to_release(*mine.holder, {partition}, [] {});
}

std::string group_consumer_state::account_of_gap(std::int32_t partition, const assignment& mine) {
  const auto range = client_->range_of(partition, range_timeout);
  const auto stored = mine.stored_offset;
  const auto got = stored ? std::to_string(*stored) : "none";
  if (!range)
    return "stored offset: expected it in the log, got " + got +
           "; the log's range is unknown: " + range.error().detail;
  const auto log_range = "[" + std::to_string(range->begin) + ", " + std::to_string(range->end) + "]";
  const auto gone = !stored                  ? "unknown"
                    : *stored < range->begin ? std::to_string(range->begin - *stored)
                                             : std::to_string(*stored - range->end);
  return "stored offset: expected it in " + log_range + ", got " + got + "; records gone: " + gone +
         "; only `reviewctl offsets` moves it";
}

// Once a minute those too that Kafka was told before: it may have refused them, in a rebalance.
void group_consumer_state::tell_offsets() {
  if (!client_)
    return;
  const bool is_again = ticks_ % ticks_an_again == 0;
  std::vector<std::pair<std::int32_t, std::int64_t>> news;
  for (auto& [partition, mine] : assignments_)
    if (mine.stored_offset && (is_again || mine.stored_offset != mine.told_offset)) {
      news.emplace_back(partition, *mine.stored_offset);
      mine.told_offset = mine.stored_offset;
    }
  if (!news.empty())
    client_->commit(news);
}

void group_consumer_state::leave() {
  tell_offsets();
  if (client_)
    client_->close(close_timeout);
  client_.reset();
  assignments_.clear();
  if (drain_promise_)
    drain_promise_->deliver(drained{});
  drain_promise_.reset();
}

group_consumer_private_actor::behavior_type
group_consumer(group_consumer_private_actor::stateful_pointer<group_consumer_state> self,
               const group_consumer_setup& setup) {
  end_on_exception(self);
  self->state.init(setup); // CAF 1.x: constructor argument
  return self->state.make_behavior();
}

} // namespace reviews
