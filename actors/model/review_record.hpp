#pragma once

#include "actors/model/record.hpp"
#include "actors/model/review.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace reviews {

/// W3C Trace Context of the request; empty members are left out.
struct trace_context {
  std::string_view traceparent;
  std::string tracestate;
};

/// The record of a review: key `vendor_id`, JSON value, headers `content-type`,
/// `schema` and the trace context.
record make_review_record(const review_view& r, const trace_context& trace = {});

/// Longest message a dead letter carries; a longer one is cut and ends in `...`.
inline constexpr std::size_t dead_letter_message_bytes_max = 1024;

/// Where and why a record left its way, for the headers of its dead letter.
struct dead_letter_reason {
  std::string topic;
  std::int32_t partition = -1;
  std::int64_t offset = -1;
  std::string exception_class; ///< `not_json`, `not_a_review`, `poisoned`: the metric's reason as well.
  std::string message;         ///< No personal data.
  std::string stage;           ///< `decode`, `validate` or `store`.
};

/// The dead letter: key, value and headers as they were, plus the
/// `__connect.errors.*` headers of Kafka Connect (KIP-298). Of a header that
/// comes twice (a dead letter that was replayed and failed again) the last counts.
record make_dead_letter(record original, const dead_letter_reason& reason);

/// Makes a dead letter smaller that Kafka does not take: first it loses its
/// value, then its key and all but the `__connect.errors.*` headers; new ones,
/// `__connect.errors.dropped.value.bytes` and `.dropped.key.bytes`, say what was
/// there. Its record still stands at the place that the headers name. Returns
/// false when there is nothing left to drop.
bool shrink_dead_letter(record& letter);

} // namespace reviews
