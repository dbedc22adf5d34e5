#pragma once

#include "http/get_review.hpp"
#include "http/get_vendor_rating.hpp"
#include "http/get_vendor_reviews.hpp"
#include "tests/fixtures/review_samples.hpp"
#include "tests/http/fake_queries.hpp"
#include "tests/http/server_fixture.hpp"

#include <string>
#include <string_view>

namespace reviews::test {

/// A server with everything that reads, onto `queries`.
struct reading_fixture {
  explicit reading_fixture(const http_params& params = server_fixture::quick())
      : server(params, make_routes()) {}

  router make_routes() {
    router routes;
    add_get_review(routes, queries, nullptr);
    add_get_vendor_reviews(routes, queries, nullptr);
    add_get_vendor_rating(routes, queries, nullptr);
    return routes;
  }

  /// A stored review of acme; `number` makes it unlike the others, and younger than those of smaller ones.
  review store(int number, int rating = 5) {
    auto what = make_sample_review(number);
    what.vendor_id = "acme";
    what.rating = rating;
    queries.stored().add(what, 3, 100 + number);
    return what;
  }

  wire_response ask(std::string_view target, std::string_view headers = "") {
    return server.connect().ask(get(target, headers));
  }

  wire_response ask_head(std::string_view target) {
    auto client = server.connect();
    client.send("HEAD " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return client.read(false);
  }

  fake_queries queries;
  server_fixture server;
};

} // namespace reviews::test
