#include "http/get_vendor_reviews.hpp"

#include "actors/model/review_json.hpp"
#include "http/entity_tag.hpp"
#include "http/page_cursor.hpp"
#include "http/problem.hpp"
#include "http/read_endpoint.hpp"

#include <charconv>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace reviews {

namespace {

constexpr std::string_view path = "/v1/vendors/{vendor_id}/reviews";
constexpr std::size_t limit_default = 20;

/// Which page is asked for.
struct page_question {
  std::size_t limit = limit_default;
  std::optional<review_place> after;
};

failure bad_limit(std::string_view got) {
  return {ec::invalid,
          "limit: expected 1.." + std::to_string(page_reviews_max) + ", got " + std::string(got),
          {}};
}

outcome<std::size_t> parse_limit(std::string_view text) {
  constexpr int echoed_max = 999'999;
  int limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (error != std::errc{} || end != text.data() + text.size() || limit > echoed_max || limit < -echoed_max)
    return bad_limit("something else");
  if (limit < 1 || limit > static_cast<int>(page_reviews_max))
    return bad_limit(std::to_string(limit));
  return static_cast<std::size_t>(limit);
}

outcome<page_question> parse_question(const http_request& request) {
  page_question asked;
  std::string text;
  if (request.query_parameter("limit", text)) {
    const auto limit = parse_limit(text);
    if (!limit)
      return limit.error();
    asked.limit = *limit;
  }
  if (request.query_parameter("cursor", text) && !text.empty()) {
    asked.after = parse_cursor(text);
    if (!asked.after)
      return failure{ec::invalid, "cursor: expected the next_cursor of a page, got something else", {}};
  }
  return asked;
}

void write_page(const review_page& page, std::size_t limit, const http_request& request, http_response& out) {
  out.body = R"({"reviews":[)";
  for (const auto& each : page.reviews) {
    if (&each != &page.reviews.front())
      out.body.push_back(',');
    append_json(out.body, each);
  }
  if (!page.next) {
    out.body += R"(],"next_cursor":null})";
    return finish_cacheable(request, out, "no-cache");
  }
  const auto cursor = to_cursor(*page.next);
  out.body.append(R"(],"next_cursor":")").append(cursor).append(R"("})");
  std::string link("</v1/vendors/"); // a vendor's id needs no encoding in a path
  link.append(request.parameter("vendor_id")).append("/reviews?limit=").append(std::to_string(limit));
  out.add_header("Link", link.append("&cursor=").append(cursor).append(R"(>; rel="next")"));
  finish_cacheable(request, out, "no-cache");
}

class get_vendor_reviews : public read_endpoint {
public:
  explicit get_vendor_reviews(review_queries& queries) : queries_(queries) {}

  answer handle(const http_request& request, http_response& out, const reply& back) override {
    if (!has_vendor_id(request, out))
      return answer::now;
    const auto asked = parse_question(request);
    if (!asked) {
      write_problem(out, problem_kind::bad_request, asked.error().detail, request.request_id);
      return answer::now;
    }
    auto write = [limit = asked->limit](const review_page& page, const http_request& question,
                                        http_response& to) { write_page(page, limit, question, to); };
    queries_.reviews_of(std::string(request.parameter("vendor_id")), asked->after, asked->limit,
                        answer_by<review_page>(back, std::move(write)));
    return answer::later;
  }

private:
  review_queries& queries_;
};

} // namespace

void add_get_vendor_reviews(router& routes, review_queries& queries, http_metrics* metrics) {
  add_read(routes, path, std::make_unique<get_vendor_reviews>(queries), metrics, {200, 304, 400, 422, 503});
}

} // namespace reviews
