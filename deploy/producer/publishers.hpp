#pragma once

#include "actors/actor_pool.hpp"
#include "actors/metrics.hpp"
#include "actors/ports/producer_client.hpp"
#include "actors/publisher_intake.hpp"
#include "config/settings.hpp"
#include "deploy/process.hpp"
#include "deploy/shared_value.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace reviews {

/// The producer's pool of publishers with the intake in front of it, and what
/// a change of the settings means there.
class publishers {
public:
  /// @param of Must outlive this, and its actors must have ended before.
  publishers(process& of, const producer_settings& settings, producer_client_factory make_client);

  review_intake& intake() { return *intake_; }

  /// The children to start with.
  std::vector<child_spec> make_children();

  /// Another size of the pool, another window; a key's order is kept and no
  /// request is refused for it while the bound on what is held lasts. Blocks
  /// until it is done or the process is to end.
  void follow(const producer_settings& before, const producer_settings& after);

private:
  child_spec make_child_spec(std::size_t index);
  void share_window();

  process& process_;
  publisher_metrics metrics_;
  producer_client_factory make_client_;
  pool_ptr<publisher_actor> pool_;
  shared_value<publisher_params> share_; ///< Of the window, for each publisher.
  std::unique_ptr<publisher_intake> intake_;
};

} // namespace reviews
