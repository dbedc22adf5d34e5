#pragma once

#include "actors/model/failure.hpp"
#include "actors/model/record.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace reviews {

/// The fate of one record handed to `producer_client::produce`.
struct delivery {
  std::uint64_t token = 0;
  /// A receipt; or `unavailable` (certainly not written), `outcome_unknown`
  /// (perhaps written), `invalid` (too large, …), `refused`, `broken`.
  outcome<receipt> result;
};

/// A Kafka producer for one topic: idempotent, acks=all. Owned and called by
/// one actor; only the wake-up comes from another thread.
class producer_client {
public:
  virtual ~producer_client() = default;

  /// Sets what to call, from a thread of the client's, when deliveries turn
  /// from none to some and when there may be an `end_reason`. It must not block. The client must not call it
  /// any more once its destructor has returned.
  virtual void on_deliveries(std::function<void()> wake) = 0;

  /// Takes the record and promises exactly one delivery that carries `token`.
  /// Never blocks. On failure there will be no delivery: `overloaded` (local
  /// queue full), `invalid`, `broken` (fatal: build a new client).
  virtual outcome<void> produce(record&& r, std::uint64_t token) = 0;

  /// Moves every delivery known so far to the end of `out`; never blocks.
  virtual void take_deliveries(std::vector<delivery>& out) = 0;

  /// Why this client will never send again, as far as `take_deliveries` has
  /// heard: `broken` (build a new client) or `refused` (a new one would fare
  /// no better: no right to write). Nothing while it works.
  virtual std::optional<failure> end_reason() const = 0;

  /// Asks for the topic's metadata: its number of partitions, or
  /// `unavailable`, or `refused` (no such topic, no rights, bad credentials).
  virtual outcome<std::int32_t> partition_count(std::chrono::milliseconds timeout) = 0;
};

using producer_client_ptr = std::unique_ptr<producer_client>;

/// Builds a client anew at each start of its actor. Fails with `refused` on a
/// configuration that librdkafka does not take.
using producer_client_factory = std::function<outcome<producer_client_ptr>()>;

} // namespace reviews
