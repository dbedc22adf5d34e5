#pragma once

#include "actors/model/record.hpp"
#include "actors/ports/consumer_client.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace reviews {

/// Kafka and Postgres for the deterministic replay: a topic, a group of
/// members and a database that keep the real ones' promises and fail as a
/// seeded generator says. Checks on the way that offsets never move back.
struct fake_world {
  explicit fake_world(std::uint32_t seed, std::int32_t partitions) : random(seed), logs(partitions) {}

  bool chance(double p) { return std::uniform_real_distribution<>(0, 1)(random) < p; }
  std::size_t pick(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
  }
  void note(std::string what) { trace.push_back(std::move(what)); }
  void broken(std::string what) { violations.push_back(std::move(what)); }

  void append(std::int32_t partition, record what) {
    logs[static_cast<std::size_t>(partition)].push_back(std::move(what));
    for (auto& [queue, wake] : wakes)
      if (queue.first == partition && wake)
        wake();
  }

  // -- the topic --------------------------------------------------------------
  std::minstd_rand random;
  std::vector<std::vector<record>> logs;
  std::map<std::pair<std::int32_t, std::uint64_t>, std::function<void()>> wakes; ///< By partition and queue.
  std::uint64_t last_queue = 0;
  std::vector<record> dead_letters;

  // -- the group --------------------------------------------------------------
  struct member {
    std::vector<consumer_event> events;
    std::function<void()> wake;
    std::set<std::int32_t> assigned; ///< As this member sees it.
    bool is_alive = false;
    bool is_releasing = false; ///< The group says nothing more before the release.

    void tell(consumer_event what) {
      events.push_back(std::move(what));
      if (wake)
        wake();
    }
  };
  std::vector<member> members{2};
  std::map<std::int32_t, std::size_t> owner;                 ///< As the group sees it.
  std::map<std::int32_t, std::size_t> moving;                ///< To whom, once released.
  std::vector<std::pair<std::size_t, std::int32_t>> zombies; ///< Members that do not know yet.

  void assign(std::int32_t partition, std::size_t to) {
    owner[partition] = to;
    members[to].tell(partitions_assigned{{partition}});
  }

  // -- the database -----------------------------------------------------------
  std::map<std::string, std::pair<std::int32_t, std::int64_t>> rows; ///< Place by review_id.
  std::map<std::int32_t, std::int64_t> offsets;
  double database_fault = 0;
  double broker_fault = 0;

  std::vector<std::string> trace;
  std::vector<std::string> violations;
};

} // namespace reviews
