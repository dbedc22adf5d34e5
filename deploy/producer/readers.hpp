#pragma once

#include "actors/actor_pool.hpp"
#include "actors/metrics.hpp"
#include "actors/ports/review_reader.hpp"
#include "actors/reader_desk.hpp"
#include "config/settings.hpp"
#include "deploy/process.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace reviews {

/// The producer's pool of readers with the desk in front of it, and what a
/// change of the settings means there. Posting does not need it: nobody waits
/// for a database at the start.
class readers {
public:
  /// @param of Must outlive this, and its actors must have ended before.
  readers(process& of, const producer_settings& settings);

  review_queries& queries() { return *desk_; }
  const pool_ptr<reader_actor>& pool() const { return pool_; }

  /// The children to start with.
  std::vector<child_spec> make_children();

  /// Another size of the pool, another bound; no read fails for it. Blocks until
  /// it is done or the process is to end.
  void follow(const producer_settings& before, const producer_settings& after);

private:
  child_spec make_child_spec(std::size_t index);

  process& process_;
  reader_metrics metrics_;
  review_reader_factory make_reader_;
  pool_ptr<reader_actor> pool_;
  std::unique_ptr<reader_desk> desk_;
};

} // namespace reviews
