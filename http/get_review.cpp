#include "http/get_review.hpp"

#include "actors/model/review_json.hpp"
#include "http/entity_tag.hpp"
#include "http/problem.hpp"
#include "http/read_endpoint.hpp"

#include <memory>
#include <optional>

namespace reviews {

namespace {

constexpr std::string_view path = "/v1/reviews/{review_id}";

void write_not_found(const http_request& request, http_response& out) {
  write_problem(out, problem_kind::not_found, "review: expected a stored one of this id, got none (yet)",
                request.request_id);
  out.add_header("Cache-Control", "no-store"); // it may be stored in a moment
}

void write_review(const std::optional<stored_review>& found, const http_request& request,
                  http_response& out) {
  if (!found)
    return write_not_found(request, out);
  append_json(out.body, *found);
  finish_cacheable(request, out, "public, max-age=86400, immutable");
}

class get_review : public read_endpoint {
public:
  explicit get_review(review_queries& queries) : queries_(queries) {}

  answer handle(const http_request& request, http_response& out, const reply& back) override {
    const auto id = parse_review_id(request.parameter("review_id"));
    if (!id) {
      write_not_found(request, out);
      return answer::now;
    }
    queries_.review(*id, answer_by<std::optional<stored_review>>(back, write_review));
    return answer::later;
  }

private:
  review_queries& queries_;
};

} // namespace

void add_get_review(router& routes, review_queries& queries, http_metrics* metrics) {
  add_read(routes, path, std::make_unique<get_review>(queries), metrics, {200, 304, 404, 503});
}

} // namespace reviews
