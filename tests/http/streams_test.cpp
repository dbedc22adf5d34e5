#define CAF_SUITE streams

#include "http/endpoint.hpp"

#include "tests/http/server_fixture.hpp"

#include <mutex>
#include <optional>
#include <utility>

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::test;

namespace {

// Says each of its lines, then waits for `finish`.
class line_stream : public response_stream {
public:
  bool take(std::string& out, const reply& wake) override {
    const std::lock_guard lock(mutex_);
    out = std::exchange(ready_, {});
    if (out.empty() && !is_finished_)
      wake_ = wake;
    return !is_finished_;
  }

  bool is_taken() const {
    const std::lock_guard lock(mutex_);
    return ready_.empty();
  }

  void say(std::string_view text, bool is_last = false) {
    std::optional<reply> wake;
    {
      const std::lock_guard lock(mutex_);
      ready_ += text;
      is_finished_ = is_last;
      wake.swap(wake_);
    }
    if (wake)
      wake->send(nullptr);
  }

private:
  mutable std::mutex mutex_;
  std::string ready_;
  bool is_finished_ = false;
  std::optional<reply> wake_;
};

class stream_endpoint : public endpoint {
public:
  explicit stream_endpoint(std::shared_ptr<line_stream> stream) : stream_(std::move(stream)) {}
  answer handle(const http_request&, http_response& out, const reply&) override {
    out.content_type = "text/event-stream";
    out.body = "retry: 1000\n\n";
    out.stream = stream_;
    return answer::now;
  }

private:
  std::shared_ptr<line_stream> stream_;
};

router stream_routes(std::shared_ptr<line_stream> stream) {
  router routes;
  routes.add(http_method::get, "/events", std::make_unique<stream_endpoint>(std::move(stream)));
  return routes;
}

} // namespace

CAF_TEST(a stream is sent while it comes and ends in a chunk of none) {
  auto stream = std::make_shared<line_stream>();
  server_fixture fix(server_fixture::quick(), stream_routes(stream));
  auto client = fix.connect();

  const auto head = client.ask(get("/events"));
  CAF_CHECK_EQUAL(head.status, 200);
  CAF_CHECK_EQUAL(head.header("Transfer-Encoding"), "chunked");
  CAF_CHECK_EQUAL(head.header("Content-Length"), "");
  CAF_CHECK_EQUAL(client.read_bytes(18), "d\r\nretry: 1000\n\n\r\n");
  for (int i = 0; i < 3; ++i) {
    stream->say("data: x\n\n");
    CAF_CHECK_EQUAL(client.read_bytes(14), "9\r\ndata: x\n\n\r\n");
  }
  CAF_CHECK_EQUAL(fix.server->active_requests(), 1u);
  stream->say("", true);
  CAF_CHECK_EQUAL(client.read_bytes(5), "0\r\n\r\n");
  CAF_CHECK_EQUAL(client.ask("HEAD /events HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
  CAF_CHECK_EQUAL(client.ask(get("/nowhere")).status, 404);
}

CAF_TEST(a stream to HTTP 1.0 goes on to the close) {
  auto stream = std::make_shared<line_stream>();
  server_fixture fix(server_fixture::quick(), stream_routes(stream));
  auto client = fix.connect();

  const auto head = client.ask("GET /events HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CAF_CHECK_EQUAL(head.header("Connection"), "close");
  stream->say("data: x\n\n", true);

  CAF_CHECK_EQUAL(client.read_bytes(22), "retry: 1000\n\ndata: x\n\n");
  CAF_CHECK(client.is_ended());
}

CAF_TEST(a stream ends with the server and with its client) {
  auto stream = std::make_shared<line_stream>();
  server_fixture fix(server_fixture::quick(), stream_routes(stream));
  auto leaving = fix.connect();
  CAF_CHECK_EQUAL(leaving.ask(get("/events")).status, 200);
  leaving.close();
  CAF_CHECK(eventually([&] {
    stream->say("data: x\n\n");
    return fix.server->connections() == 0;
  }));

  auto staying = fix.connect();
  CAF_CHECK_EQUAL(staying.ask(get("/events")).status, 200);
  fix.server->stop();
  CAF_CHECK(eventually([&] { return fix.server->active_requests() == 0; }));
}

CAF_TEST(a stream is no request that a drain waits for and ends with its beginning) {
  auto stream = std::make_shared<line_stream>();
  server_fixture fix(server_fixture::quick(), stream_routes(stream));
  auto client = fix.connect();
  CAF_REQUIRE_EQUAL(client.ask(get("/events")).status, 200);
  client.read_bytes(18);
  CAF_CHECK_EQUAL(fix.server->admitted_requests(), 0u);
  CAF_CHECK_EQUAL(fix.server->active_requests(), 1u);

  fix.server->begin_drain();

  CAF_CHECK_EQUAL(client.read_bytes(5), "0\r\n\r\n");
  CAF_CHECK(client.is_ended());
}

CAF_TEST(a listener that takes nothing is let go soon after the drain began) {
  auto stream = std::make_shared<line_stream>();
  auto params = server_fixture::quick();
  params.body_timeout = 1h;
  server_fixture fix(params, stream_routes(stream));
  wire deaf(fix.server->port(), 4096);
  CAF_REQUIRE_EQUAL(deaf.ask(get("/events")).status, 200);
  stream->say(std::string(8u << 20, 'x'));
  CAF_REQUIRE(eventually([&] { return stream->is_taken(); }));

  fix.server->begin_drain();

  CAF_CHECK(eventually([&] { return fix.server->connections() == 0; }));
}

CAF_TEST(the duration of a stream is that of its head) {
  auto stream = std::make_shared<line_stream>();
  server_fixture fix(server_fixture::quick(), stream_routes(stream));
  auto client = fix.connect();
  const auto shows = [&](const std::string& count) {
    return fix.shows_metric(R"(http_server_request_duration_seconds_count{http_request_method="GET",)"
                            R"(http_response_status_code="200",http_route="/events"} )" +
                            count + "\n");
  };

  CAF_REQUIRE_EQUAL(client.ask(get("/events")).status, 200);
  client.read_bytes(18);

  CAF_CHECK(eventually([&] { return shows("1"); }));
  stream->say("", true);
  client.read_bytes(5);
  CAF_CHECK(eventually([&] { return fix.server->active_requests() == 0; }));
  CAF_CHECK(shows("1"));
}
