// The way of a record through PARTITION CONSUMER: taken, decoded, dead-lettered
// or stored, and what follows when that fails.

#include "actors/partition_consumer.hpp"

#include "actors/error.hpp"
#include "actors/model/log.hpp"
#include "actors/model/review_record.hpp"

#include <algorithm>
#include <utility>

namespace reviews {

void partition_consumer_state::take(std::int32_t partition, lane& mine) {
  if (mine.is_releasing || mine.doing == step::failed)
    return;
  const auto wanted = std::min(mine.flow.room(), setup_.batch.records_max);
  if (mine.may_have_more && wanted > 0 && !mine.problem) {
    took_at_ = now_utc();
    pulled_at_ = now();
    auto got = mine.queue->pull(wanted, [&](const fetched_record& each) { accept(partition, mine, each); });
    mine.metrics->consumed_total.Increment(static_cast<double>(got.records_count));
    mine.may_have_more = got.records_count == wanted;
    if (got.problem) // what is held was read before it and is stored first
      mine.problem = std::move(got.problem);
    else if (mine.may_have_more && mine.flow.room() > 0)
      self_->send(self_, partition_ready{partition, mine.epoch}); // others get their turn first
  }
  advance(partition, mine);
}

void partition_consumer_state::accept(std::int32_t partition, lane& mine, const fetched_record& got) {
  const auto offset = got.offset();
  const auto key_bytes = got.key() ? got.key()->size() : 0;
  const auto bytes = key_bytes + (got.value() ? got.value()->size() : 0);
  auto bury = [&](const char* reason, std::string message, const char* stage) {
    dead_letter_reason why{setup_.by.topic, partition, offset, reason, std::move(message), stage};
    auto letter = make_dead_letter(got.copy(), why);
    const auto letter_bytes = bytes_of(letter); // anybody may have written its headers
    mine.flow.add(dead_letter{offset, reason, std::move(letter)}, letter_bytes, pulled_at_);
  };
  if (buried_.count({partition, offset}) > 0) {
    mine.flow.pass(offset, bytes, pulled_at_);
    return;
  }
  if (!condemned_.empty()) {
    if (auto found = condemned_.find({partition, offset}); found != condemned_.end()) {
      bury("poisoned", found->second, "store");
      return;
    }
  }
  if (!got.value()) {
    bury("null_value", "value: expected a review, got null", "decode");
    return;
  }
  auto decoded = decoder_.view_stored(*got.value());
  if (const auto* valid = std::get_if<review_view>(&decoded)) {
    mine.flow.add(review_row{*valid, offset, took_at_}, bytes, pulled_at_);
  } else if (auto* broken = std::get_if<not_json>(&decoded)) {
    bury("not_json", std::move(broken->detail), "decode");
  } else {
    const auto& violations = std::get<not_a_review>(decoded).violations;
    std::string message;
    for (const auto& each : violations)
      message += (message.empty() ? "" : "; ") + each.pointer + ": " + each.detail;
    bury("not_a_review", std::move(message), "validate");
  }
}

void partition_consumer_state::advance(std::int32_t partition, lane& mine) {
  mine.metrics->held_records.Set(static_cast<double>(mine.flow.held_records()));
  mine.metrics->held_bytes.Set(static_cast<double>(mine.flow.held_bytes()));
  if (mine.doing != step::idle || mine.is_releasing)
    return;
  if (auto* piece = mine.flow.front(now())) {
    if (piece->dead_letters.empty())
      store(partition, mine, *piece);
    else
      publish_dead_letters(partition, mine, *piece);
    return;
  }
  if (mine.problem && mine.flow.held_records() == 0) {
    fail(partition, mine, *std::exchange(mine.problem, {}));
    return;
  }
  if (auto due = mine.flow.due_at(); due && !mine.is_timer_armed) {
    auto left = std::chrono::ceil<std::chrono::milliseconds>(*due - now());
    wake_later(partition, mine, std::max(left, std::chrono::milliseconds(0)));
  }
}

void partition_consumer_state::publish_dead_letters(std::int32_t partition, lane& mine, flow_piece& piece) {
  auto to = setup_.dead_letters->get();
  if (!to) {
    pause(partition, mine, {ec::unavailable, "dead letters: expected a publisher, got none", {}});
    return;
  }
  publish_records what;
  for (const auto& each : piece.dead_letters)
    what.records.push_back(each.what);
  mine.doing = step::publishing;
  auto epoch = mine.epoch;
  auto take_answer = [this, partition, epoch](const records_published& got) {
    if (auto* lane = find(partition, epoch)) {
      lane->doing = step::idle;
      dead_letters_published(partition, *lane, got.results);
    }
  };
  self_->request(to, setup_.answer_timeout, std::move(what))
      .then(take_answer, [this, partition, epoch](const caf::error& why) {
        if (auto* lane = find(partition, epoch)) {
          lane->doing = step::idle;
          pause(partition, *lane, to_failure(why));
        }
      });
}

void partition_consumer_state::dead_letters_published(std::int32_t partition, lane& mine,
                                                      const std::vector<outcome<receipt>>& results) {
  auto& letters = mine.flow.front(now())->dead_letters;
  std::optional<failure> refused;
  std::vector<dead_letter> left;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    auto& each = letters[i];
    if (results[i]) {
      setup_.metrics->count_dead_letter(each.reason);
      if (!mine.is_releasing) // whoever has the partition next cannot know
        buried_.emplace(partition, each.offset);
      log::warning("dead_lettered",
                   {{"partition", partition}, {"offset", each.offset}, {"reason", each.reason}});
      continue;
    }
    // What Kafka never takes (too large for the dead-letter topic) goes without its content.
    if (results[i].error().code != ec::invalid || !shrink_dead_letter(each.what))
      refused = results[i].error();
    left.push_back(std::move(each));
  }
  letters = std::move(left);
  if (refused) {
    pause(partition, mine, *refused);
    return;
  }
  mine.pauses.reset();
  stop_or_advance(partition, mine);
}

void partition_consumer_state::store(std::int32_t partition, lane& mine, flow_piece& piece) {
  auto task = setup_.writers->begin_task(static_cast<std::size_t>(partition), mine.writing);
  if (!task.to) {
    pause(partition, mine, {ec::unavailable, "writer: expected it running, got a restart under way", {}});
    return;
  }
  auto batch = std::make_shared<review_batch>();
  batch->partition = partition;
  batch->from_offset = mine.stored_offset;
  batch->next_offset = piece.next_offset;
  batch->rows = std::move(piece.rows);
  setup_.by.writer = "writer-" + std::to_string(task.index);
  batch->notice = begin_commit_notice(*batch, setup_.by);
  mine.doing = step::storing;
  mine.asked_at = std::chrono::steady_clock::now();
  mine.writing = std::move(task);
  auto epoch = mine.epoch;
  self_->request(mine.writing.to, setup_.answer_timeout, write_batch{batch})
      .then(
          [this, partition, epoch, batch](const batch_written& got) {
            if (auto* lane = find(partition, epoch))
              stored(partition, *lane, *batch, got.counts);
          },
          [this, partition, epoch, batch](const caf::error& error) {
            auto* lane = find(partition, epoch);
            if (!lane)
              return;
            lane->doing = step::idle;
            auto why = to_failure(error);
            // WRITER has answered, so the rows are ours again. Else it may still
            // come to this batch: leave it alone and read the partition again.
            if (why.code == ec::unavailable || why.code == ec::poisoned)
              lane->flow.front(now())->rows = std::move(batch->rows);
            not_stored(partition, *lane, why);
          });
}

void partition_consumer_state::stored(std::int32_t partition, lane& mine, const review_batch& batch,
                                      const batch_counts& counts) {
  auto& metrics = *setup_.metrics;
  mine.doing = step::idle;
  mine.writing = {};
  metrics.stored_total.Increment(static_cast<double>(counts.inserted));
  metrics.duplicates_total.Increment(static_cast<double>(counts.duplicates));
  if (counts.is_notice_withheld)
    metrics.notices_withheld_total.Increment();
  metrics.store_batch_rows.Observe(static_cast<double>(batch.rows.size()));
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - mine.asked_at;
  metrics.store_duration_seconds.Observe(took.count());
  metrics.observe_end_to_end(batch.rows, now_utc());
  mine.stored_offset = batch.next_offset;
  pardon(partition, batch.next_offset);
  mine.pauses.reset();
  mine.metrics->paused.Set(0);
  mine.flow.pop_front();
  if (auto group = setup_.group->get())
    self_->send(group, partition_stored{partition, mine.epoch, *mine.stored_offset});
  show_lag(mine);
  stop_or_advance(partition, mine);
}

void partition_consumer_state::pardon(std::int32_t partition, std::int64_t before) {
  condemned_.erase(condemned_.lower_bound({partition, 0}), condemned_.lower_bound({partition, before}));
  buried_.erase(buried_.lower_bound({partition, 0}), buried_.lower_bound({partition, before}));
}

void partition_consumer_state::show_lag(const lane& mine) {
  auto oldest = mine.flow.oldest_created_at();
  std::chrono::duration<double> behind = oldest ? now_utc() - *oldest : std::chrono::microseconds(0);
  mine.metrics->lag_seconds.Set(std::max(behind.count(), 0.0));
}

void partition_consumer_state::not_stored(std::int32_t partition, lane& mine, const failure& why) {
  setup_.metrics->count_store_failure(why.code);
  switch (why.code) {
  case ec::poisoned: condemn(partition, mine, why); return;
  case ec::unavailable: pause(partition, mine, why); return;
  default: fail(partition, mine, why); return;
  }
}

void partition_consumer_state::condemn(std::int32_t partition, lane& mine, const failure& why) {
  auto* piece = mine.flow.front(now());
  if (piece->rows.empty()) {
    fail(partition, mine,
         {ec::broken, "batch: expected a bad row in it, got an empty one: " + why.detail, {}});
    return;
  }
  if (piece->rows.size() > 1) {
    mine.flow.split_front();
    stop_or_advance(partition, mine);
    return;
  }
  // The row stands alone: read its record again, to bury it as it was.
  condemned_[{partition, piece->rows.front().offset}] = why.detail;
  fail(partition, mine, why);
}

void partition_consumer_state::pause(std::int32_t partition, lane& mine, const failure& why) {
  if (mine.is_releasing) {
    remove(partition);
    return;
  }
  auto delay = mine.pauses.next();
  log::warning("partition_paused", {{"partition", partition},
                                    {"reason", to_string(why.code)},
                                    {"detail", why.detail},
                                    {"retry_in_ms", delay.count()}});
  mine.metrics->paused.Set(1);
  show_lag(mine);
  mine.doing = step::pausing;
  wake_later(partition, mine, delay);
  if (auto group = setup_.group->get())
    self_->send(group, partition_waiting{partition, mine.epoch, why.code});
}

void partition_consumer_state::fail(std::int32_t partition, lane& mine, failure why) {
  if (mine.is_releasing) {
    remove(partition);
    return;
  }
  mine.doing = step::failed;
  mine.writing = {};
  mine.metrics->paused.Set(1);
  mine.queue->on_ready({});
  if (auto group = setup_.group->get())
    self_->send(group, partition_failed{partition, mine.epoch, std::move(why)});
}

} // namespace reviews
