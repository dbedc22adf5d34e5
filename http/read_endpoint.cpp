#include "http/read_endpoint.hpp"

#include "actors/model/review_rules.hpp"
#include "http/media_type.hpp"
#include "http/problem.hpp"

namespace reviews {

namespace {

failure no_database() {
  return {ec::unavailable, "database: expected an answer, got none for now; posting goes on",
          std::chrono::seconds(1)};
}

} // namespace

void write_read_problem(http_response& out, const failure& why, std::string_view instance) {
  switch (why.code) {
  case ec::overloaded:
  case ec::shutting_down: return write_problem(out, why, instance);
  case ec::unavailable:
  case ec::refused: return write_problem(out, no_database(), instance);
  default: return write_problem(out, problem_kind::internal, {}, instance);
  }
}

std::optional<body_terms> read_endpoint::examine(const http_request& head, http_response& out) {
  if (admits(head, "application/json"))
    return body_terms{};
  write_problem(out, problem_kind::not_acceptable,
                "Accept: expected it to admit application/json, got other types", head.request_id);
  return {};
}

failure read_endpoint::late() const {
  return no_database();
}

bool has_vendor_id(const http_request& request, http_response& out) {
  review_rules rules;
  rules.begin(review_form::posted);
  rules.check_member("vendor_id", {json_kind::string, 0, request.parameter("vendor_id")});
  const auto errors = rules.take_violations();
  if (errors.empty())
    return true;
  write_problem(out, problem_kind::not_a_vendor_id,
                "vendor_id: expected one by the rule, got the errors listed", request.request_id, errors);
  return false;
}

void add_read(router& routes, std::string_view pattern, std::unique_ptr<endpoint> target,
              http_metrics* metrics, std::initializer_list<unsigned> statuses) {
  routes.add(http_method::get, pattern, std::move(target));
  if (!metrics)
    return;
  auto& meter = metrics->route(pattern);
  for (const auto status : statuses)
    metrics->prepare(meter, http_method::get, status);
}

} // namespace reviews
