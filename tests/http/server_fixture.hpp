#pragma once

#include "http/http_metrics.hpp"
#include "http/post_reviews.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "tests/http/fake_intake.hpp"
#include "tests/http/wire.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace reviews::test {

/// Answers GET with its text, at once.
class text_endpoint : public endpoint {
public:
  explicit text_endpoint(std::string text) : text_(std::move(text)) {}
  answer handle(const http_request&, http_response& out, const reply&) override {
    out.content_type = "text/plain";
    out.body = text_;
    return answer::now;
  }

private:
  std::string text_;
};

/// A server on a free loopback port, run by two threads, with `POST /v1/reviews`
/// onto `intake`, `GET /hello` and `GET /v1/reviews/{review_id}` (which shows it).
class server_fixture {
public:
  static http_params quick() {
    http_params params;
    params.host = "127.0.0.1";
    params.port = 0;
    return params;
  }

  explicit server_fixture(http_params params = quick()) : metrics(registry), guard_(io_.get_executor()) {
    router routes;
    add_post_reviews(routes, intake, params, &metrics);
    routes.add(http_method::get, "/hello", std::make_unique<text_endpoint>("hello"));
    start(params, std::move(routes));
  }

  server_fixture(http_params params, router routes) : metrics(registry), guard_(io_.get_executor()) {
    start(params, std::move(routes));
  }

  ~server_fixture() {
    io_.stop();
    for (auto& t : threads_)
      t.join();
    server.reset();
    intake.forget_all();
  }

  wire connect() { return wire(server->port()); }

  std::string metrics_text() { return prometheus::TextSerializer().Serialize(registry.Collect()); }
  bool shows_metric(std::string_view line) { return metrics_text().find(line) != std::string::npos; }

  prometheus::Registry registry;
  http_metrics metrics;
  fake_intake intake;
  std::unique_ptr<http_server> server;

private:
  void start(const http_params& params, router routes) {
    server = std::make_unique<http_server>(io_, params, std::move(routes), &metrics);
    if (const auto started = server->start(); !started)
      throw std::runtime_error(started.error().detail);
    for (int i = 0; i < 2; ++i)
      threads_.emplace_back([this] { io_.run(); });
  }

  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  std::vector<std::thread> threads_;
};

inline const std::string valid_review = R"({"vendor_id":"acme","author":"Ann","rating":4,"text":"fine"})";

/// A POST of `body` with a Content-Length; `headers` are complete lines.
inline std::string post(std::string_view body, std::string_view headers = "",
                        std::string_view type = "application/json") {
  std::string text = "POST /v1/reviews HTTP/1.1\r\nHost: localhost\r\n";
  if (!type.empty())
    text.append("Content-Type: ").append(type).append("\r\n");
  text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  text.append(headers).append("\r\n").append(body);
  return text;
}

inline std::string post_batch(std::string_view body, std::string_view headers = "") {
  return post(body, headers, "application/x-ndjson");
}

inline std::string get(std::string_view target, std::string_view headers = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(headers) + "\r\n";
}

inline boost::json::value json_of(const wire_response& response) {
  return boost::json::parse(response.body);
}

inline std::string text_at(const boost::json::value& value, const char* pointer) {
  return std::string(value.at_pointer(pointer).as_string());
}

inline std::int64_t number_at(const boost::json::value& value, const char* pointer) {
  return value.at_pointer(pointer).as_int64();
}

} // namespace reviews::test
