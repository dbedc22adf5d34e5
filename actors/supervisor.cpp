#include "actors/supervisor.hpp"

#include "actors/error.hpp"
#include "actors/model/log.hpp"

#include <caf/actor.hpp>
#include <caf/actor_clock.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>

#include <algorithm>
#include <map>

namespace reviews {

namespace {

constexpr std::chrono::milliseconds describe_timeout{500};
constexpr std::chrono::seconds stock_interval{1};

} // namespace

void supervisor_state::init(supervisor_setup setup) {
  setup_ = std::move(setup);
  budget_ = {setup_.params.restarts_max, setup_.params.restarts_period};
  self_->set_down_handler([this](caf::down_msg& what) { on_down(what.source, what.reason); });
  self_->delayed_send(self_, stock_interval, take_stock{});
}

supervisor_private_actor::behavior_type supervisor_state::make_behavior() {
  return {
      [this](describe_tree) -> caf::result<tree_description> {
        auto promise = self_->make_response_promise();
        look([this, promise]() mutable { promise.deliver(tree()); });
        return caf::delegated<tree_description>{};
      },
      [this](const stop_children& what) -> caf::result<children_stopped> {
        stop_promise_ = self_->make_response_promise();
        stop_deadline_ = now() + what.timeout;
        stop_next();
        return caf::delegated<children_stopped>{};
      },
      [this](start_children& what) {
        for (auto& each : what.children)
          add(std::move(each));
        show_pools();
        return children_started{};
      },
      [this](const remove_children& what) { return remove(what); },
      [this](const restart_child& what) {
        auto found = children_.find(what.id);
        if (found != children_.end() && found->second.now == life::waiting && !has_given_up_ &&
            !stop_promise_)
          start(what.id);
      },
      [this](take_stock) {
        look([] {});
        self_->delayed_send(self_, stock_interval, take_stock{});
      },
  };
}

std::chrono::steady_clock::time_point supervisor_state::now() const {
  return self_->clock().now();
}

void supervisor_state::add(child_spec what) {
  if (stop_promise_)
    return;
  const auto id = ++last_id_;
  const backoff pauses(setup_.params.backoff_min, setup_.params.backoff_max,
                       setup_.seed + static_cast<std::uint32_t>(id));
  setup_.metrics->add(what.name);
  children_.emplace(id, child(std::move(what), pauses));
  start(id);
}

void supervisor_state::start(std::uint64_t id) {
  auto& who = children_.at(id);
  who.actor = who.spec.start(self_->system());
  who.now = life::running;
  who.started_at = now();
  self_->monitor(caf::actor_cast<caf::actor_addr>(who.actor));
}

void supervisor_state::on_down(const caf::actor_addr& whom, const caf::error& reason) {
  auto found = std::find_if(children_.begin(), children_.end(), [&](const auto& each) {
    return each.second.actor && caf::actor_cast<caf::actor_addr>(each.second.actor) == whom;
  });
  if (found == children_.end())
    return;
  auto& who = found->second;
  who.actor.reset();
  who.responding = false;
  who.last_seen = {};
  who.spec.on_end();
  ended(found->first, reason);
}

void supervisor_state::ended(std::uint64_t id, const caf::error& reason) {
  auto& who = children_.at(id);
  if (who.now == life::leaving) {
    removed(id);
  } else if (stop_promise_) {
    who.now = life::stopped;
  } else if (!reason || reason == caf::exit_reason::normal) {
    who.now = life::done;
  } else {
    who.now = life::waiting;
    restart_later(id, reason);
  }
  if (stop_promise_)
    stop_next();
}

void supervisor_state::restart_later(std::uint64_t id, const caf::error& reason) {
  auto& who = children_.at(id);
  if (has_given_up_)
    return;
  const auto why = to_failure(reason);
  if (why.code == ec::refused) {
    has_given_up_ = true;
    log::error("actor_refused", {{"actor", who.spec.name}, {"reason", why.detail}});
    setup_.on_refused();
    return;
  }
  if (why.code != ec::stuck && !budget_.spend(now())) {
    has_given_up_ = true;
    log::error("supervision_gave_up",
               {{"actor", who.spec.name}, {"restarts_max", setup_.params.restarts_max}});
    setup_.on_give_up();
    return;
  }
  if (now() - who.started_at >= setup_.params.backoff_max)
    who.pauses.reset();
  ++who.restarts;
  ++restarts_;
  setup_.metrics->count_restart(who.spec.name);
  auto delay = who.pauses.next();
  log::warning("actor_restarting",
               {{"actor", who.spec.name}, {"reason", why.detail}, {"retry_in_ms", delay.count()}});
  self_->delayed_send(self_, delay, restart_child{id});
}

caf::result<children_removed> supervisor_state::remove(const remove_children& what) {
  removal mine;
  std::vector<std::uint64_t> at_once;
  for (auto& [id, who] : children_) {
    if (std::find(what.names.begin(), what.names.end(), who.spec.name) == what.names.end())
      continue;
    if (!who.actor) {
      at_once.push_back(id);
      continue;
    }
    mine.waiting_for.insert(id);
    if (who.now == life::running)
      stop(who, what.timeout);
    who.now = life::leaving;
  }
  for (auto id : at_once)
    removed(id);
  if (mine.waiting_for.empty())
    return children_removed{};
  mine.promise = self_->make_response_promise();
  removals_.push_back(std::move(mine));
  return caf::delegated<children_removed>{};
}

void supervisor_state::removed(std::uint64_t id) {
  setup_.metrics->remove(children_.at(id).spec.name);
  children_.erase(id);
  show_pools();
  for (auto& each : removals_)
    if (each.waiting_for.erase(id) > 0 && each.waiting_for.empty())
      each.promise.deliver(children_removed{});
  std::erase_if(removals_, [](const removal& each) { return each.waiting_for.empty(); });
}

void supervisor_state::show_pools() {
  std::map<std::string, std::size_t> pools;
  for (const auto& [id, each] : children_)
    pools[each.spec.pool] += each.now == life::running ? 1 : 0;
  for (const auto& [pool, size] : pools)
    setup_.metrics->set_pool_size(pool, static_cast<double>(size));
  setup_.metrics->set_budget(budget_.left(now()), setup_.params.restarts_max);
}

void supervisor_state::look(std::function<void()> then) {
  auto missing = std::make_shared<std::size_t>(1);
  auto done = [this, missing, then = std::move(then)] {
    if (--*missing > 0)
      return;
    for (const auto& [id, each] : children_)
      setup_.metrics->set_mailbox_depth(each.spec.name, static_cast<double>(each.last_seen.mailbox_depth));
    show_pools();
    then();
  };
  for (const auto& [id, each] : children_) {
    if (each.now != life::running)
      continue;
    ++*missing;
    auto note = [this, id = id, done](std::optional<description> what) {
      if (auto found = children_.find(id); found != children_.end()) {
        found->second.responding = what.has_value();
        if (what)
          found->second.last_seen = std::move(*what);
      }
      done();
    };
    self_->request(caf::actor_cast<caf::actor>(each.actor), describe_timeout, describe{})
        .then([note](const description& what) { note(what); },
              [note](const caf::error&) { note(std::nullopt); });
  }
  done();
}

tree_description supervisor_state::tree() const {
  tree_description result;
  result.has_given_up = has_given_up_;
  result.restarts = restarts_;
  for (const auto& [id, each] : children_) {
    auto what = each.last_seen;
    switch (each.now) {
    case life::running: break;
    case life::done: what.state = "done"; break;
    case life::waiting: what.state = "restarting"; break;
    case life::leaving: what.state = "leaving"; break;
    case life::stopping:
    case life::stopped: what.state = "stopped"; break;
    }
    result.children.push_back({each.spec.name, each.spec.pool, each.restarts, each.now == life::running,
                               each.responding, std::move(what)});
  }
  return result;
}

// One after the other, the last started first; those that leave anyway only have to be gone in the end.
void supervisor_state::stop_next() {
  bool is_leaving = false;
  child* last = nullptr;
  for (auto& [id, each] : children_) {
    if (each.now == life::stopping)
      return;
    is_leaving = is_leaving || each.now == life::leaving;
    last = each.now == life::running ? &each : last;
  }
  if (last) {
    last->now = life::stopping;
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(stop_deadline_ - now());
    stop(*last, left);
  } else if (!is_leaving && stop_promise_->pending()) {
    stop_promise_->deliver(children_stopped{is_stop_clean_});
  }
}

void supervisor_state::stop(child& who, std::chrono::milliseconds timeout) {
  auto to = caf::actor_cast<caf::actor>(who.actor);
  auto end = [to] { caf::anon_send_exit(to, caf::exit_reason::user_shutdown); };
  if (!who.spec.drains) {
    end();
    return;
  }
  self_->request(to, std::max(timeout, std::chrono::milliseconds(1)), drain{})
      .then([end](drained) { end(); },
            [this, end, name = who.spec.name](const caf::error& why) {
              is_stop_clean_ = is_stop_clean_ && !stop_promise_;
              log::warning("drain_unfinished", {{"actor", name}, {"reason", to_failure(why).detail}});
              end();
            });
}

supervisor_private_actor::behavior_type
supervisor(supervisor_private_actor::stateful_pointer<supervisor_state> self, const supervisor_setup& setup) {
  end_on_exception(self);
  self->state.init(setup); // CAF 1.x: constructor argument
  return self->state.make_behavior();
}

} // namespace reviews
