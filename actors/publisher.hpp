#pragma once

#include "actors/interfaces.hpp"
#include "actors/metrics.hpp"
#include "actors/model/drain_estimate.hpp"
#include "actors/model/in_flight_window.hpp"
#include "actors/params.hpp"
#include "actors/ports/producer_client.hpp"

#include <caf/response_promise.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace reviews {

/// Wakes PUBLISHER: its client has deliveries.
struct deliveries_ready {};

/// PUBLISHER with what only its own parts say to it.
using publisher_private_actor = publisher_actor::extend<caf::reacts_to<deliveries_ready>>;

/// The actor around one Kafka producer: admits what the window has room for,
/// hands it to the client, answers when the broker has. On its end, whatever
/// it holds is answered `outcome_unknown`.
class publisher_state {
public:
  static inline const char* name = "publisher";
  using pointer = publisher_private_actor::pointer;

  explicit publisher_state(pointer self) : self_(self), window_(1, 1), drain_(1) {}
  ~publisher_state();

  void init(const publisher_params& params, producer_client_factory make_client, publisher_metrics& metrics);
  publisher_private_actor::behavior_type make_behavior();

private:
  using time_point = std::chrono::steady_clock::time_point;

  /// What was asked together and awaits its deliveries.
  struct request {
    post_reply reply;
    review_intake::results results;
    std::size_t missing_count = 0;
    std::size_t bytes = 0;
    time_point admitted_at;
  };

  std::optional<failure> admit(std::size_t records_count, std::size_t bytes);
  void publish(std::span<record> records, std::size_t bytes, post_reply reply, time_point at);
  void publish(std::vector<post>& posts);
  void take_deliveries();
  void settle(std::uint32_t slot, std::size_t index, outcome<receipt> result, time_point at);
  void finish(std::uint32_t slot, time_point at);
  void report_window();
  void end_turn();
  std::uint32_t open_slot();
  failure with_pause(failure why);
  time_point now() const;

  pointer self_;
  in_flight_window window_;
  std::size_t reviews_reported_ = 0; ///< Of the window, as the metric has it.
  std::size_t bytes_reported_ = 0;
  drain_estimate drain_;
  producer_client_factory make_client_;
  producer_client_ptr client_;
  publisher_metrics* metrics_ = nullptr;
  std::vector<request> requests_;
  std::vector<std::uint32_t> free_slots_;
  std::vector<delivery> deliveries_;
  std::optional<caf::response_promise> drain_promise_;
  bool is_draining_ = false;
  std::optional<failure> broken_;
};

/// Starts a PUBLISHER; it ends with the failure when no client can be built.
publisher_private_actor::behavior_type
publisher(publisher_private_actor::stateful_pointer<publisher_state> self, const publisher_params& params,
          const producer_client_factory& make_client, publisher_metrics* metrics);

} // namespace reviews

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::deliveries_ready)
