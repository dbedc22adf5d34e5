#pragma once

#include "actors/model/review_record.hpp"
#include "actors/ports/review_intake.hpp"
#include "http/endpoint.hpp"
#include "http/http_metrics.hpp"
#include "http/review_answer.hpp"

#include <cstddef>
#include <memory>
#include <string_view>
#include <variant>
#include <vector>

namespace reviews {

/// One NDJSON batch, from its lines to its answer.
class review_batch_job : public response_job,
                         public review_intake::recipient,
                         public std::enable_shared_from_this<review_batch_job> {
public:
  review_batch_job(http_metrics* metrics, const reply& back) : metrics_(metrics), back_(back) {}

  /// The number of lines of an NDJSON body; a last line feed ends the last one.
  static std::size_t count_lines(std::string_view body) noexcept;

  /// Takes every line in; returns the records of the valid ones, in their order.
  /// @param key The `Idempotency-Key`, or empty.
  /// @param line_bytes_max A longer line is refused by 413.
  review_intake::records take_lines(std::string_view body, std::string_view key, timestamp now,
                                    const trace_context& trace, std::size_t line_bytes_max);

  /// The fate of the records of `take_lines`.
  void take(review_intake::results got) override {
    results_ = std::move(got);
    back_.send(shared_from_this());
  }

  void write(const http_request& request, http_response& out) override;

private:
  std::vector<std::variant<taken_in, refusal>> lines_;
  review_intake::results results_;
  http_metrics* metrics_;
  const reply back_;
};

} // namespace reviews
