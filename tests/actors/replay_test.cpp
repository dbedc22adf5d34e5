#define CAF_SUITE replay

#include "actors/group_consumer.hpp"
#include "actors/partition_consumer.hpp"
#include "actors/publisher.hpp"
#include "actors/publisher_intake.hpp"
#include "actors/supervisor.hpp"
#include "actors/writer.hpp"
#include "tests/fakes/recipient.hpp"
#include "tests/fakes/world_kafka.hpp"
#include "tests/fakes/world_store.hpp"
#include "tests/fixtures/pool_change.hpp"
#include "tests/fixtures/review_samples.hpp"

#include "tests/fixtures/actor_fixture.hpp" // last: its macros are lower case

#include <algorithm>
#include <cstdlib>
#include <optional>

using namespace reviews;
using namespace std::chrono_literals;

namespace {

constexpr std::int32_t partitions_count = 3;

/// One consumer process: its actors under a supervisor, as the program wires them.
struct consumer_cast {
  pool_ptr<writer_actor> writers = make_pool<writer_actor>(2);
  pool_ptr<partition_consumer_actor> consumers = make_pool<partition_consumer_actor>(2);
  std::optional<pool_change> writers_change;
  std::optional<pool_change> consumers_change;
  world_lost_answers lost_answers;
  address_ptr<publisher_actor> dead_letters = make_address<publisher_actor>();
  address_ptr<group_consumer_actor> group = make_address<group_consumer_actor>();
  supervisor_private_actor supervisor;
};

/// The whole cast on fake ports under a seeded order of messages, faults and crashes.
class replay {
public:
  replay(caf::actor_system& sys, caf::scheduler::test_coordinator& sched, prometheus::Registry& registry,
         std::uint32_t seed)
      : sys_(sys), sched_(sched), world_(seed, partitions_count), published_(registry), metrics_(registry),
        restarts_(registry), desk_(make_front_desk(sys)) {
    start_publisher();
    for (std::size_t i = 0; i < casts_.size(); ++i)
      start_cast(i);
    intake_ = make_publisher_intake([this](std::function<void()> what) { turn_.push_back(std::move(what)); },
                                    publishers_);
  }

  ~replay() {
    caf::anon_send_exit(publisher_supervisor_, caf::exit_reason::kill);
    for (auto& each : casts_)
      caf::anon_send_exit(each.supervisor, caf::exit_reason::kill);
    for (auto& each : alive_)
      if (auto strong = each.lock())
        caf::anon_send_exit(caf::actor_cast<caf::actor>(strong), caf::exit_reason::kill);
    while (sched_.try_run_once()) {
    }
    sched_.clock().cancel_all();
  }

  /// Runs `steps` of trouble, then heals everything. Returns what went wrong.
  std::vector<std::string> run(int steps) {
    world_.database_fault = world_.chance(0.5) ? 0.2 : 0;
    world_.broker_fault = world_.chance(0.5) ? 0.2 : 0;
    for (int i = 0; i < steps; ++i)
      step();
    heal();
    check();
    return world_.violations;
  }

  const std::vector<std::string>& trace() const { return world_.trace; }

private:
  template <class Handle>
  Handle keep(Handle handle) {
    alive_.push_back(caf::actor_cast<caf::weak_actor_ptr>(handle));
    return handle;
  }

  supervisor_private_actor start_supervisor(std::vector<child_spec> children) {
    auto result = sys_.spawn(supervisor, supervisor_setup{{10ms, 100ms, 100'000, 60s}, &restarts_, [] {}, 1});
    caf::anon_send(result, start_children{std::move(children)});
    return result;
  }

  child_spec publisher_spec(const std::string& name, address_ptr<publisher_actor> to,
                            bool is_for_dead_letters) {
    producer_client_factory make = [this, is_for_dead_letters]() -> outcome<producer_client_ptr> {
      return producer_client_ptr(std::make_unique<world_producer>(world_, is_for_dead_letters));
    };
    return make_child(name, "publishers", true, to, [this, make](caf::actor_system& sys) -> publisher_actor {
      return keep(sys.spawn(publisher, publisher_params{50, 1u << 20}, make, &published_));
    });
  }

  void start_publisher() {
    auto make = [this](std::size_t i) {
      return publisher_spec("publisher-" + std::to_string(i), publishers_->address(i), false);
    };
    publishers_change_.emplace("publisher", make, [this](pool_change& what) {
      what.wait();
      intake_->resize(what.to(), [&what] { what.next(); });
    });
    publisher_supervisor_ = start_supervisor({make(0)});
  }

  void start_cast(std::size_t index) {
    auto& mine = casts_[index];
    std::vector<child_spec> children;
    auto make_writer = [this, &mine](std::size_t i) {
      auto make_store = [this, &mine] { return std::make_unique<world_store>(world_, mine.lost_answers); };
      return make_child("writer-" + std::to_string(i), "writers", true, mine.writers->address(i),
                        [this, make_store](caf::actor_system& sys) {
                          return keep(sys.spawn(writer, review_store_factory(make_store)));
                        });
    };
    mine.writers_change.emplace("writer", make_writer, [&mine](pool_change& what) {
      mine.writers->resize(what.to());
      what.next();
    });
    for (std::size_t i = 0; i < mine.writers->size(); ++i)
      children.push_back(make_writer(i));
    children.push_back(publisher_spec("dead-letters", mine.dead_letters, true));
    partition_consumer_setup setup;
    setup.by.topic = "reviews.v1";
    setup.batch = {5, 1u << 20, 5ms};
    setup.partition = {12, 1u << 20};
    setup.retry = {10ms, 100ms, 100, 60s};
    setup.answer_timeout = 30ms; // short, so that answers come too late as well
    setup.writers = mine.writers;
    setup.dead_letters = mine.dead_letters;
    setup.group = mine.group;
    setup.metrics = &metrics_;
    auto make_consumer = [this, &mine, setup](std::size_t i) {
      auto own = setup;
      own.index = i;
      return make_child("consumer-" + std::to_string(i), "consumers", false, mine.consumers->address(i),
                        [this, own](caf::actor_system& sys) -> partition_consumer_actor {
                          return keep(sys.spawn(partition_consumer, own));
                        });
    };
    mine.consumers_change.emplace("consumer", make_consumer, [this, &mine](pool_change& what) {
      what.ask_on<consumers_resized>(desk_, mine.group->get(), resize_consumers{what.to()});
    });
    for (std::size_t i = 0; i < mine.consumers->size(); ++i)
      children.push_back(make_consumer(i));
    group_consumer_setup group;
    group.make_client = [this, index]() -> outcome<consumer_client_ptr> {
      return consumer_client_ptr(std::make_unique<world_consumer>(world_, index));
    };
    group.retry = setup.retry;
    group.answer_timeout = setup.answer_timeout;
    group.release_timeout = 30ms;
    group.writers = mine.writers;
    group.consumers = mine.consumers;
    group.metrics = &metrics_;
    group.on_joined = [] {};
    group.on_refused = [this](const failure& why) { world_.broken("refused: " + why.detail); };
    children.push_back(make_child("group", "group", true, mine.group,
                                  [this, group](caf::actor_system& sys) -> group_consumer_actor {
                                    return keep(sys.spawn(group_consumer, group));
                                  }));
    mine.supervisor = start_supervisor(std::move(children));
  }

  void resize_some_pool() {
    auto& mine = casts_[world_.pick(casts_.size())];
    const auto to = 1 + world_.pick(3);
    switch (world_.pick(4)) {
    case 0: begin_change(*publishers_change_, publishers_->size(), to, "publishers"); break;
    case 1: begin_change(*mine.writers_change, mine.writers->size(), to, "writers"); break;
    case 2: begin_change(*mine.consumers_change, mine.consumers->size(), to, "consumers"); break;
    case 3: mine.consumers->tell_all(set_limits{{to * 2, 1u << 20, 5ms}, {to * 6, 1u << 20}}); break;
    }
  }

  void begin_change(pool_change& what, std::size_t from, std::size_t to, const char* pool) {
    if (!what.is_over() || from == to)
      return;
    world_.note("resize of " + std::string(pool) + " from " + std::to_string(from) + " to " +
                std::to_string(to));
    what.begin(from, to);
  }

  void go_on_with_changes() {
    publishers_change_->go_on(desk_, publisher_supervisor_);
    for (auto& mine : casts_) {
      mine.writers_change->go_on(desk_, mine.supervisor);
      mine.consumers_change->go_on(desk_, mine.supervisor);
    }
  }

  bool has_changes() const {
    return !publishers_change_->is_over() ||
           std::any_of(casts_.begin(), casts_.end(), [&](const consumer_cast& each) {
             return !each.writers_change->is_over() || !each.consumers_change->is_over();
           });
  }

  /// One message of somebody's, or some time, or something from outside.
  void step() {
    go_on_with_changes();
    const auto what = world_.pick(100);
    if (what < 75 && !sched_.jobs.empty()) {
      std::swap(sched_.jobs.front(), sched_.jobs[world_.pick(sched_.jobs.size())]);
      sched_.run_once();
    } else if (what < 81) {
      run_turn();
    } else if (what < 85) {
      sched_.clock().advance_time(std::chrono::milliseconds(1 + world_.pick(20)));
    } else if (what < 94) {
      post();
    } else {
      trouble();
    }
  }

  void post() {
    const auto number = static_cast<int>(world_.pick(400)); // numbers come again: retries of the same review
    auto sample = make_sample_review(number);
    if (number % 37 == 0)
      sample.author = "poison";
    const auto id = to_string(sample.id);
    const bool is_poison = sample.author == "poison";
    auto made = make_review_record(view_of(sample));
    made.headers.push_back({"number", std::to_string(posts_count_)});
    const auto take = [this, id, is_poison, post = posts_count_](const review_intake::results& got) {
      ++answers_count_;
      if (got[0] && !is_poison)
        accepted_.insert(id);
      if (!got[0] && got[0].error().code != ec::outcome_unknown)
        refused_.insert(static_cast<int>(post));
    };
    intake_->publish({std::move(made)}, test::call(take));
    ++posts_count_;
  }

  /// What the intake left for later.
  void run_turn() {
    for (auto& each : std::exchange(turn_, {}))
      each();
  }

  void trouble() {
    switch (world_.pick(6)) {
    case 0: crash(); break;
    case 1: rebalance(); break;
    case 2: lose(); break;
    case 3: wake_zombie(); break;
    case 4:
      world_.append(static_cast<std::int32_t>(world_.pick(partitions_count)),
                    {std::string("k"), std::string("garbage ") + std::to_string(++garbage_count_), {}});
      break;
    case 5: resize_some_pool(); break;
    }
  }

  void crash() {
    std::erase_if(alive_, [](const auto& each) { return !each.lock(); });
    if (alive_.empty())
      return;
    auto victim = alive_[world_.pick(alive_.size())].lock();
    world_.note("crash of actor " + std::to_string(victim->id()));
    caf::anon_send_exit(caf::actor_cast<caf::actor>(victim), caf::exit_reason::kill);
  }

  /// The group moves a partition once its owner has released it.
  void rebalance() {
    auto partition = static_cast<std::int32_t>(world_.pick(partitions_count));
    auto found = world_.owner.find(partition);
    if (found == world_.owner.end() || world_.moving.contains(partition))
      return;
    world_.note("rebalance of partition " + std::to_string(partition));
    world_.moving[partition] = 1 - found->second;
    world_.members[found->second].tell(partitions_revoked{{partition}, false});
  }

  /// The group gives a partition away, and its owner sleeps and does not know.
  void lose() {
    auto partition = static_cast<std::int32_t>(world_.pick(partitions_count));
    auto found = world_.owner.find(partition);
    if (found == world_.owner.end() || world_.moving.contains(partition) ||
        !world_.members[1 - found->second].is_alive)
      return;
    auto old = found->second;
    world_.note("loss of partition " + std::to_string(partition));
    world_.zombies.emplace_back(old, partition);
    world_.assign(partition, 1 - old);
  }

  void wake_zombie() {
    if (world_.zombies.empty())
      return;
    auto [member, partition] = world_.zombies.back();
    world_.zombies.pop_back();
    if (world_.owner[partition] == member)
      return;
    world_.members[member].tell(partitions_revoked{{partition}, true});
  }

  bool is_caught_up() const {
    for (std::int32_t p = 0; p < partitions_count; ++p) {
      auto found = world_.offsets.find(p);
      auto stored = found == world_.offsets.end() ? 0 : found->second;
      if (stored != static_cast<std::int64_t>(world_.logs[static_cast<std::size_t>(p)].size()))
        return false;
    }
    return answers_count_ == posts_count_ && !has_changes();
  }

  /// Where everything stands, for the trace of a failing seed.
  std::string standing() const {
    std::string result = std::to_string(posts_count_ - answers_count_) + " requests without an answer";
    if (has_changes())
      result += "; a pool is still changing";
    for (std::int32_t p = 0; p < partitions_count; ++p) {
      auto owner = world_.owner.find(p);
      auto stored = world_.offsets.find(p);
      result += "; partition " + std::to_string(p) + " of member " +
                (owner == world_.owner.end() ? "none" : std::to_string(owner->second)) + " stored " +
                (stored == world_.offsets.end() ? "nothing" : std::to_string(stored->second)) + " of " +
                std::to_string(world_.logs[static_cast<std::size_t>(p)].size()) +
                (world_.moving.contains(p) ? " is moving" : "");
    }
    return result;
  }

  void heal() {
    world_.note("healed");
    world_.database_fault = world_.broker_fault = 0;
    while (!world_.zombies.empty())
      wake_zombie();
    for (int i = 0; i < 400 && !is_caught_up(); ++i) {
      run_turn();
      go_on_with_changes();
      while (sched_.try_run_once()) {
      }
      sched_.clock().advance_time(50ms);
    }
    if (!is_caught_up())
      world_.broken("not caught up: " + standing());
  }

  void check() {
    review_decoder decoder;
    std::set<std::string> poisoned;
    std::size_t garbage = 0;
    std::set<std::string> garbage_buried;
    for (const auto& each : world_.dead_letters)
      if (each.value->starts_with("garbage"))
        garbage_buried.insert(*each.value);
      else
        poisoned.insert(*each.value);
    std::set<std::string> in_topic;
    for (const auto& log : world_.logs) {
      std::map<std::string, int> last_posts;
      for (const auto& each : log) {
        if (!each.headers.empty() && each.headers.back().name == "number") {
          auto& last = last_posts.try_emplace(each.key.value_or(""), -1).first->second;
          const auto number = std::stoi(each.headers.back().value.value_or("-1"));
          if (number <= last)
            world_.broken("a key's records are out of their order");
          if (refused_.contains(number))
            world_.broken("a post that was refused for certain is in the topic");
          last = number;
        }
        auto decoded = decoder.decode_stored(*each.value);
        if (auto* valid = std::get_if<review>(&decoded)) {
          in_topic.insert(reviews::to_string(valid->id));
          const bool is_stored = world_.rows.contains(reviews::to_string(valid->id));
          if (valid->author == "poison" ? (is_stored || !poisoned.contains(*each.value)) : !is_stored)
            world_.broken("a valid record is not where it belongs");
        } else {
          ++garbage;
        }
      }
    }
    if (garbage_buried.size() != garbage)
      world_.broken("a record that is no review is not among the dead letters");
    for (const auto& id : accepted_)
      if (!in_topic.contains(id))
        world_.broken("an acknowledged review is not in the topic");
    for (const auto& [id, place] : world_.rows)
      if (!in_topic.contains(id))
        world_.broken("a row has no record");
  }

  caf::actor_system& sys_;
  caf::scheduler::test_coordinator& sched_;
  fake_world world_;
  publisher_metrics published_;
  consumer_metrics metrics_;
  supervisor_metrics restarts_;
  front_desk_ptr desk_;
  pool_ptr<publisher_actor> publishers_ = make_pool<publisher_actor>(1);
  std::optional<pool_change> publishers_change_;
  supervisor_private_actor publisher_supervisor_;
  std::array<consumer_cast, 2> casts_;
  std::vector<caf::weak_actor_ptr> alive_;
  std::unique_ptr<publisher_intake> intake_;
  std::set<std::string> accepted_;
  std::set<int> refused_; ///< Posts that are certainly not written, by number.
  std::vector<std::function<void()>> turn_;
  int posts_count_ = 0;
  int answers_count_ = 0;
  int garbage_count_ = 0;
};

std::uint32_t number_from(const char* variable, std::uint32_t otherwise) {
  const char* text = std::getenv(variable);
  return text ? static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10)) : otherwise;
}

struct fixture : actor_fixture {
  fixture() {
    log::configure(number_from("REPLAY_COUNT", 0) == 1 ? log::level::debug : log::level::error,
                   log::format::text);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(replay_tests, fixture)

// REPLAY_SEED and REPLAY_COUNT choose other seeds and how many; beyond some
// 1000 seeds with `--max-runtime=600`, as a test may take 30 s.
CAF_TEST(nothing is lost and nothing is twice whatever the order of messages and faults) {
  const auto first = number_from("REPLAY_SEED", 1);
#ifdef __SANITIZE_ADDRESS__
  constexpr std::uint32_t count_default = 50; // some ten times slower
#else
  constexpr std::uint32_t count_default = 500;
#endif
  const auto count = number_from("REPLAY_COUNT", count_default);
  for (auto seed = first; seed < first + count; ++seed) {
    prometheus::Registry own_registry;
    replay uut(sys, sched, own_registry, seed);

    auto violations = uut.run(1'500);

    if (!violations.empty()) {
      for (const auto& each : uut.trace())
        CAF_MESSAGE("  " << each);
      for (const auto& each : violations)
        CAF_MESSAGE("violation: " << each);
      CAF_FAIL("seed " << seed << " (run it alone: REPLAY_SEED=" << seed << " REPLAY_COUNT=1)");
    }
  }
  CAF_CHECK_EQUAL(count > 0, true);
}

CAF_TEST_FIXTURE_SCOPE_END()
