#include "http/get_vendor_rating.hpp"

#include "actors/model/review_json.hpp"
#include "http/entity_tag.hpp"
#include "http/read_endpoint.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace reviews {

namespace {

constexpr std::string_view path = "/v1/vendors/{vendor_id}/rating";

static_assert(review_limits::rating_min == 1 && review_limits::rating_max == 5);

/// The mean to two decimals, half up.
void append_mean(std::string& out, const rating_counts& counts) {
  if (counts.count == 0) {
    out += "null";
    return;
  }
  const auto hundredths = (counts.sum * 200 + counts.count) / (counts.count * 2);
  out.append(std::to_string(hundredths / 100)).push_back('.');
  out.append(hundredths % 100 < 10 ? "0" : "").append(std::to_string(hundredths % 100));
}

void write_rating(const rating_counts& counts, const http_request& request, http_response& out) {
  out.body = R"({"vendor_id":)";
  append_json_string(out.body, request.parameter("vendor_id"));
  out.body.append(R"(,"rating_count":)").append(std::to_string(counts.count));
  out.body += R"(,"rating_value":)";
  append_mean(out.body, counts);
  out.body += R"(,"best_rating":5,"worst_rating":1,"histogram":{)";
  for (std::size_t i = 0; i < counts.of_rating.size(); ++i) {
    out.body.append(i == 0 ? "\"" : ",\"").append(std::to_string(i + 1)).append("\":");
    out.body += std::to_string(counts.of_rating[i]);
  }
  out.body += "}}";
  finish_cacheable(request, out, "no-cache");
}

class get_vendor_rating : public read_endpoint {
public:
  explicit get_vendor_rating(review_queries& queries) : queries_(queries) {}

  answer handle(const http_request& request, http_response& out, const reply& back) override {
    if (!has_vendor_id(request, out))
      return answer::now;
    queries_.rating_of(std::string(request.parameter("vendor_id")),
                       answer_by<rating_counts>(back, write_rating));
    return answer::later;
  }

private:
  review_queries& queries_;
};

} // namespace

void add_get_vendor_rating(router& routes, review_queries& queries, http_metrics* metrics) {
  add_read(routes, path, std::make_unique<get_vendor_rating>(queries), metrics, {200, 304, 422, 503});
}

} // namespace reviews
