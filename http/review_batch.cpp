#include "http/review_batch.hpp"

#include <algorithm>

namespace reviews {

namespace {

std::string_view take_line(std::string_view& rest) {
  auto line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  if (line.ends_with('\r'))
    line.remove_suffix(1);
  return line;
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t") == line.npos;
}

// The results so far, and the status that they share.
struct tally {
  std::string body;
  std::size_t accepted = 0;
  std::size_t rejected = 0;
  unsigned status = 0;
  std::chrono::seconds retry_after{0};

  void note(unsigned line_status) {
    const bool is_first = accepted + rejected == 0;
    ++(line_status == 202 ? accepted : rejected);
    status = is_first || status == line_status ? line_status : 207;
    body.push_back(is_first ? '[' : ',');
  }
};

void note_refusal(tally& sum, const refusal& why, std::string_view instance, http_metrics* metrics) {
  sum.note(status_of(why.kind));
  append_problem(sum.body, why.kind, why.detail, instance, why.errors);
  if (metrics)
    metrics->review_rejected(why.kind);
}

} // namespace

std::size_t review_batch_job::count_lines(std::string_view body) noexcept {
  std::size_t count = body.empty() || body.ends_with('\n') ? 0 : 1;
  for (auto at = body.find('\n'); at != body.npos; at = body.find('\n', at + 1))
    ++count;
  return count;
}

review_intake::records review_batch_job::take_lines(std::string_view body, std::string_view key,
                                                    timestamp now, const trace_context& trace,
                                                    std::size_t line_bytes_max) {
  const auto count = count_lines(body);
  lines_.reserve(count);
  review_intake::records records;
  records.reserve(count);
  std::string line_key;
  for (std::size_t number = 0; !body.empty(); ++number) {
    const auto line = take_line(body);
    if (line.size() > line_bytes_max) {
      lines_.emplace_back(
          refusal{problem_kind::content_too_large,
                  "line: expected at most " + std::to_string(line_bytes_max) + " bytes, got more",
                  {}});
      continue;
    }
    if (is_blank(line)) {
      lines_.emplace_back(refusal{problem_kind::not_json, "line: expected a review, got an empty line", {}});
      continue;
    }
    if (!key.empty())
      line_key.assign(key).append(":").append(std::to_string(number));
    auto taken = take_in(line, line_key, now);
    if (auto* why = std::get_if<refusal>(&taken)) {
      lines_.emplace_back(std::move(*why));
      continue;
    }
    const auto& what = std::get<review_view>(taken);
    records.push_back(make_review_record(what, trace));
    lines_.emplace_back(taken_in{what.id, std::string(what.vendor_id), now});
  }
  return records;
}

void review_batch_job::write(const http_request& request, http_response& out) {
  constexpr std::size_t result_bytes = 192; // a receipt
  tally sum;
  sum.body.reserve(lines_.size() * result_bytes);
  std::size_t next = 0;
  const outcome<receipt> missing = failure{ec::broken, "answer: expected one a review, got fewer", {}};
  for (const auto& line : lines_) {
    if (const auto* why = std::get_if<refusal>(&line)) {
      note_refusal(sum, *why, request.request_id, metrics_);
      continue;
    }
    const auto& result = next < results_.size() ? results_[next] : missing;
    ++next;
    if (result) {
      sum.note(202);
      append_receipt(sum.body, std::get<taken_in>(line), *result);
    } else {
      const auto& why = result.error();
      note_refusal(sum, {kind_of(why.code), why.detail, {}}, request.request_id, metrics_);
      sum.retry_after = std::max(sum.retry_after, why.retry_after);
    }
  }
  out.status = sum.status;
  if (sum.status == 503)
    add_retry_after(out, sum.retry_after);
  out.body.reserve(sum.body.size() + result_bytes);
  out.body.append(R"({"accepted":)").append(std::to_string(sum.accepted));
  out.body.append(R"(,"rejected":)").append(std::to_string(sum.rejected));
  out.body.append(R"(,"results":)").append(sum.body).append("]}");
}

} // namespace reviews
