#include "actors/supervisor.hpp"

#include "actors/error.hpp"
#include "actors/model/log.hpp"
#include "actors/model/review_json.hpp"

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
        if (stop_promise_)
          return;
        for (auto& each : what.children) {
          children_.emplace_back(std::move(each),
                                 backoff(setup_.params.backoff_min, setup_.params.backoff_max,
                                         setup_.seed + static_cast<std::uint32_t>(children_.size())));
          setup_.metrics->add(children_.back().spec.name);
          start(children_.size() - 1);
        }
        show_pools();
      },
      [this](const restart_child& what) {
        if (children_[what.index].now == life::waiting && !has_given_up_ && !stop_promise_)
          start(what.index);
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

void supervisor_state::start(std::size_t index) {
  auto& who = children_[index];
  who.actor = who.spec.start(self_->system());
  who.now = life::running;
  who.started_at = now();
  self_->monitor(caf::actor_cast<caf::actor_addr>(who.actor));
}

void supervisor_state::on_down(const caf::actor_addr& whom, const caf::error& reason) {
  auto found = std::find_if(children_.begin(), children_.end(), [&](const child& each) {
    return each.actor && caf::actor_cast<caf::actor_addr>(each.actor) == whom;
  });
  if (found == children_.end())
    return;
  found->actor.reset();
  found->responding = false;
  found->last_seen = {};
  found->spec.on_end();
  ended(*found, reason);
}

void supervisor_state::ended(child& who, const caf::error& reason) {
  if (stop_promise_) {
    const bool was_awaited = who.now == life::stopping;
    who.now = life::stopped;
    if (was_awaited)
      stop_next();
    return;
  }
  if (!reason || reason == caf::exit_reason::normal) {
    who.now = life::done;
    return;
  }
  who.now = life::waiting;
  if (has_given_up_)
    return;
  if (!budget_.spend(now())) {
    has_given_up_ = true;
    log::error("supervision_gave_up",
               {{"actor", who.spec.name}, {"restarts_max", setup_.params.restarts_max}});
    setup_.on_give_up();
    return;
  }
  if (now() - who.started_at >= setup_.params.backoff_max)
    who.pauses.reset();
  ++who.restarts;
  setup_.metrics->count_restart(who.spec.name);
  auto delay = who.pauses.next();
  log::warning(
      "actor_restarting",
      {{"actor", who.spec.name}, {"reason", to_failure(reason).detail}, {"retry_in_ms", delay.count()}});
  self_->delayed_send(self_, delay, restart_child{static_cast<std::size_t>(&who - children_.data())});
}

void supervisor_state::show_pools() {
  std::map<std::string, std::size_t> pools;
  for (const auto& each : children_)
    pools[each.spec.pool] += each.now == life::running ? 1 : 0;
  for (const auto& [pool, size] : pools)
    setup_.metrics->set_pool_size(pool, static_cast<double>(size));
}

void supervisor_state::look(std::function<void()> then) {
  auto missing = std::make_shared<std::size_t>(1);
  auto done = [this, missing, then = std::move(then)] {
    if (--*missing > 0)
      return;
    for (const auto& each : children_)
      setup_.metrics->set_mailbox_depth(each.spec.name, static_cast<double>(each.last_seen.mailbox_depth));
    show_pools();
    then();
  };
  for (std::size_t i = 0; i < children_.size(); ++i) {
    if (children_[i].now != life::running)
      continue;
    ++*missing;
    self_->request(caf::actor_cast<caf::actor>(children_[i].actor), describe_timeout, describe{})
        .then(
            [this, i, done](const description& what) {
              children_[i].last_seen = what;
              children_[i].responding = true;
              done();
            },
            [this, i, done](const caf::error&) {
              children_[i].responding = false;
              done();
            });
  }
  done();
}

tree_description supervisor_state::tree() const {
  tree_description result;
  result.has_given_up = has_given_up_;
  for (const auto& each : children_) {
    result.restarts += each.restarts;
    auto what = each.last_seen;
    if (each.now != life::running)
      what.state = each.now == life::done ? "done" : each.now == life::waiting ? "restarting" : "stopped";
    result.children.push_back({each.spec.name, each.spec.pool, each.restarts, each.now == life::running,
                               each.responding, std::move(what)});
  }
  return result;
}

void supervisor_state::stop_next() {
  auto last = std::find_if(children_.rbegin(), children_.rend(),
                           [](const child& each) { return each.now == life::running; });
  if (last != children_.rend()) {
    stop(*last);
  } else if (stop_promise_->pending()) {
    stop_promise_->deliver(children_stopped{is_stop_clean_});
  }
}

void supervisor_state::stop(child& who) {
  who.now = life::stopping;
  auto to = caf::actor_cast<caf::actor>(who.actor);
  auto end = [to] { caf::anon_send_exit(to, caf::exit_reason::user_shutdown); };
  if (!who.spec.drains) {
    end();
    return;
  }
  auto left = std::chrono::duration_cast<std::chrono::milliseconds>(stop_deadline_ - now());
  self_->request(to, std::max(left, std::chrono::milliseconds(1)), drain{})
      .then([end](drained) { end(); },
            [this, end, name = who.spec.name](const caf::error& why) {
              is_stop_clean_ = false;
              log::warning("drain_unfinished", {{"actor", name}, {"reason", to_failure(why).detail}});
              end();
            });
}

supervisor_private_actor::behavior_type
supervisor(supervisor_private_actor::stateful_pointer<supervisor_state> self, const supervisor_setup& setup) {
  self->state.init(setup); // CAF 1.x: constructor argument
  return self->state.make_behavior();
}

std::string to_json(const tree_description& tree) {
  std::string out = R"({"actor":"supervisor","restarts":)" + std::to_string(tree.restarts) +
                    R"(,"has_given_up":)" + (tree.has_given_up ? "true" : "false");
  std::map<std::string, std::size_t> pools;
  for (const auto& each : tree.children)
    pools[each.pool] += each.running ? 1 : 0;
  out += R"(,"pools":{)";
  for (const auto& [pool, size] : pools) {
    append_json_string(out, pool);
    out += ":" + std::to_string(size) + ",";
  }
  if (out.back() == ',')
    out.pop_back();
  out += R"(},"children":[)";
  for (const auto& each : tree.children) {
    out += R"({"actor":)";
    append_json_string(out, each.name);
    out += R"(,"pool":)";
    append_json_string(out, each.pool);
    out += R"(,"state":)";
    append_json_string(out, each.what.state);
    out += R"(,"running":)" + std::string(each.running ? "true" : "false");
    out += R"(,"responding":)" + std::string(each.responding ? "true" : "false");
    out += R"(,"restarts":)" + std::to_string(each.restarts);
    out += R"(,"mailbox_depth":)" + std::to_string(each.what.mailbox_depth);
    out += R"(,"work_in_flight":)" + std::to_string(each.what.work_in_flight) + "},";
  }
  if (out.back() == ',')
    out.pop_back();
  return out + "]}";
}

} // namespace reviews
