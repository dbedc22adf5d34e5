#include "actors/writer.hpp"

#include "actors/error.hpp"
#include "actors/model/log.hpp"

namespace reviews {

namespace {

failure draining() {
  return {ec::unavailable, "writer: expected it running, got a drain", {}};
}

} // namespace

writer_actor::behavior_type writer_state::make_behavior() {
  return {
      [this](const write_batch& what) -> caf::result<batch_written> {
        if (is_draining_)
          return to_error(draining());
        auto stored = store_->store(*what.batch);
        if (stored)
          return batch_written{*stored};
        auto error = to_error(stored.error());
        if (stored.error().code == ec::broken) {
          log::error("writer_failed", {{"reason", stored.error().detail}});
          self_->quit(error);
        }
        return error;
      },
      [this](const read_offsets& what) -> caf::result<offsets_read> {
        if (is_draining_)
          return to_error(draining());
        auto found = store_->stored_offsets(what.partitions);
        if (found)
          return offsets_read{std::move(*found)};
        return to_error(found.error());
      },
      [this](const send_report& what) -> caf::result<report_sent> {
        if (is_draining_)
          return to_error(draining());
        auto sent = store_->report(what.payloads);
        if (sent)
          return report_sent{};
        return to_error(sent.error());
      },
      [this](drain) { // first in, first out: what was asked before is done
        is_draining_ = true;
        return drained{};
      },
      [this](describe) -> description {
        return {self_->mailbox().size(), 0, is_draining_ ? "draining" : "running"};
      },
  };
}

writer_actor::behavior_type writer(writer_actor::stateful_pointer<writer_state> self,
                                   const review_store_factory& make_store) {
  end_on_exception(self);
  self->state.init(make_store()); // CAF 1.x: constructor argument
  return self->state.make_behavior();
}

} // namespace reviews
