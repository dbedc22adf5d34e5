#pragma once

#include "actors/model/review_record.hpp"
#include "actors/ports/review_intake.hpp"
#include "http/endpoint.hpp"
#include "http/http_metrics.hpp"
#include "http/review_answer.hpp"

#include <cstddef>
#include <string_view>
#include <variant>
#include <vector>

namespace reviews {

/// One NDJSON batch, from its lines to its answer.
class review_batch_job : public response_job {
public:
  explicit review_batch_job(http_metrics* metrics) : metrics_(metrics) {}

  /// The number of lines of an NDJSON body; a last line feed ends the last one.
  static std::size_t count_lines(std::string_view body) noexcept;

  /// Takes every line in; returns the records of the valid ones, in their order.
  /// @param key The `Idempotency-Key`, or empty.
  /// @param line_bytes_max A longer line is refused by 413.
  std::vector<record> take_lines(std::string_view body, std::string_view key, timestamp now,
                                 const trace_context& trace, std::size_t line_bytes_max);

  /// The fate of the records of `take_lines`.
  void set_results(review_intake::results results) { results_ = std::move(results); }

  void write(const http_request& request, http_response& out) override;

private:
  std::vector<std::variant<taken_in, refusal>> lines_;
  review_intake::results results_;
  http_metrics* metrics_;
};

} // namespace reviews
