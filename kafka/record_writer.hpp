#pragma once

#include "actors/model/failure.hpp"
#include "actors/model/record.hpp"
#include "kafka/params.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reviews::kafka {

/// A record and where it goes.
struct addressed_record {
  std::string topic;
  std::optional<std::int32_t> partition; ///< None: by its key, as every producer finds it.
  record what;
};

/// Writes records of any topic and waits for the broker (idempotent, acks=all).
/// For the operator's tool; one owner. Blocking.
class record_writer {
public:
  /// Fails with `refused` on settings that librdkafka does not take.
  static outcome<std::unique_ptr<record_writer>> make(const kafka_params& params);

  virtual ~record_writer() = default;

  /// Writes all of them, those of one partition in this order, and answers each
  /// in turn: a receipt or `unavailable`, `outcome_unknown`, `invalid` (too large,
  /// …), `refused`, `broken`. Returns within `message.timeout.ms` and a second.
  virtual std::vector<outcome<receipt>> write(const std::vector<addressed_record>& records) = 0;
};

} // namespace reviews::kafka
