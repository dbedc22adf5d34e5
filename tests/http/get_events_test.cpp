#define CAF_SUITE get_events

#include "http/get_events.hpp"

#include "tests/http/server_fixture.hpp"

#include <set>

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::test;

namespace {

/// A feed in the test's hands.
class fake_source : public event_source {
public:
  outcome<std::unique_ptr<ring_listener>> listen(const std::optional<event_id>& after) override {
    auto made = ring->listen(after);
    if (!made)
      return failure{
          ring->is_closed() ? ec::shutting_down : ec::overloaded, "events: expected room, got none", {}};
    return made;
  }

  void say(std::int64_t offset) {
    ring->add({0, offset}, event(offset));
    ring->tell();
  }
  static std::string event(std::int64_t offset) {
    return "event: review\nid: 0-" + std::to_string(offset) + "\ndata: {}\n\n";
  }

  std::shared_ptr<event_ring> ring = std::make_shared<event_ring>(8, 1'000'000, 2);
};

std::string chunk(const std::string& text) {
  std::string out;
  for (auto rest = text.size(); rest > 0; rest /= 16)
    out.insert(out.begin(), "0123456789abcdef"[rest % 16]);
  return out + "\r\n" + text + "\r\n";
}

struct fixture {
  explicit fixture(std::chrono::milliseconds heartbeat = 15s)
      : server(server_fixture::quick(), routes_of(source, heartbeat)) {}

  static router routes_of(event_source& source, std::chrono::milliseconds heartbeat) {
    router routes;
    add_get_events(routes, source, heartbeat, nullptr);
    return routes;
  }

  /// A listener that has read the beginning.
  wire listen(const std::string& headers = "") {
    auto client = server.connect();
    CAF_REQUIRE_EQUAL(client.ask(get("/v1/events", headers)).status, 200);
    read_retry(client);
    return client;
  }

  /// Reads the beginning: after how many milliseconds to come back.
  static int read_retry(wire& client) {
    const auto first = client.read_bytes(chunk("retry: 1234\n\n").size());
    const auto milliseconds = first.size() > 14 ? std::stoi(first.substr(10, 4)) : 0;
    CAF_REQUIRE_EQUAL(first, chunk("retry: " + std::to_string(milliseconds) + "\n\n"));
    return milliseconds;
  }

  void check_next(wire& client, const std::string& text) {
    const auto expected = chunk(text);
    CAF_CHECK_EQUAL(client.read_bytes(expected.size()), expected);
  }

  fake_source source;
  server_fixture server;
};

} // namespace

CAF_TEST(events come as they are told after the time of a retry) {
  fixture fix;
  auto client = fix.server.connect();

  const auto head = client.ask(get("/v1/events", "Accept: text/event-stream\r\n"));

  CAF_CHECK_EQUAL(head.status, 200);
  CAF_CHECK_EQUAL(head.header("Content-Type"), "text/event-stream");
  CAF_CHECK_EQUAL(head.header("Cache-Control"), "no-store");
  CAF_CHECK_EQUAL(head.header("X-Accel-Buffering"), "no");
  fix.read_retry(client);
  fix.source.say(1);
  fix.check_next(client, fake_source::event(1));
  fix.source.say(2);
  fix.check_next(client, fake_source::event(2));
}

CAF_TEST(who listen are told different times to come back) {
  constexpr std::size_t count = 20;
  fixture fix;
  fix.source.ring = std::make_shared<event_ring>(8, 1'000'000, count);
  std::set<int> told;

  for (std::size_t i = 0; i < count; ++i) {
    auto client = fix.server.connect();
    CAF_REQUIRE_EQUAL(client.ask(get("/v1/events")).status, 200);
    told.insert(fix.read_retry(client));
  }

  CAF_CHECK_GREATER_OR_EQUAL(*told.begin(), 2'000);
  CAF_CHECK_LESS_OR_EQUAL(*told.rbegin(), 5'000);
  CAF_CHECK_GREATER(told.size(), count / 2);
}

CAF_TEST(all who listen are told) {
  fixture fix;
  auto one = fix.listen();
  auto other = fix.listen();

  fix.source.say(1);

  fix.check_next(one, fake_source::event(1));
  fix.check_next(other, fake_source::event(1));
}

CAF_TEST(a client that comes back with the id of its last event goes on after it) {
  fixture fix;
  for (int i = 1; i <= 3; ++i)
    fix.source.say(i);

  auto known = fix.listen("Last-Event-ID: 0-1\r\n");
  fix.check_next(known, fake_source::event(2) + fake_source::event(3));
  known.close();
  for (const auto* id : {"0-99", "nonsense", "0-1 "}) {
    auto client = fix.server.connect();
    CAF_REQUIRE_EQUAL(client.ask(get("/v1/events", "Last-Event-ID: " + std::string(id) + "\r\n")).status,
                      200);
    client.close();
    CAF_CHECK(eventually([&] {
      fix.source.say(4); // a client that is gone shows when it is told something
      return fix.source.ring->listeners() == 0;
    }));
  }
}

CAF_TEST(a client that does not read is left behind and jumps to the newest) {
  fixture fix;
  wire slow(fix.server.server->port(), 4'096);
  CAF_REQUIRE_EQUAL(slow.ask(get("/v1/events")).status, 200);
  auto quick = fix.listen();
  const std::string large(200'000, 'x');
  for (int i = 1; i <= 60; ++i) {
    const auto text = ": " + large + "\n\n";
    fix.source.ring->add({0, i}, text);
    fix.source.ring->tell();
    fix.check_next(quick, text); // nobody waits for the slow one
  }
  fix.source.say(100);

  std::string heard;
  while (heard.find("id: 0-100\n") == heard.npos) {
    const auto more = slow.read_bytes(10'000);
    CAF_REQUIRE(!more.empty());
    heard += more;
    if (heard.size() > 100'000'000)
      break;
  }

  CAF_CHECK(heard.find(": skipped ") != heard.npos);
  CAF_CHECK_LESS(heard.size(), 20 * large.size());
}

CAF_TEST(after a silence a heartbeat is sent) {
  fixture fix(500ms);
  auto client = fix.listen();

  fix.check_next(client, ": heartbeat\n\n");
  fix.check_next(client, ": heartbeat\n\n");
}

CAF_TEST(a HEAD request has the head alone and does not listen) {
  fixture fix;
  auto client = fix.server.connect();

  const auto head = client.ask("HEAD /v1/events HTTP/1.1\r\nHost: a\r\n\r\n");

  CAF_CHECK_EQUAL(head.status, 200);
  CAF_CHECK_EQUAL(head.header("Content-Type"), "text/event-stream");
  CAF_CHECK_EQUAL(head.header("Transfer-Encoding"), "chunked");
  CAF_CHECK_EQUAL(head.header("Content-Length"), "");
  CAF_CHECK_EQUAL(fix.source.ring->listeners(), 0u);
  CAF_CHECK_EQUAL(client.ask(get("/nowhere")).status, 404);
}

CAF_TEST(a client that does not take event streams is refused) {
  fixture fix;
  auto client = fix.server.connect();

  for (const auto* accept : {"application/json", "text/html, text/event-stream;q=0", "image/*"}) {
    const auto got = client.ask(get("/v1/events", "Accept: " + std::string(accept) + "\r\n"));
    CAF_CHECK_EQUAL(got.status, 406);
    CAF_CHECK_EQUAL(got.header("Content-Type"), "application/problem+json");
  }
  for (const auto* accept : {"*/*", "text/*", "application/json, text/event-stream", ""}) {
    auto other = fix.server.connect();
    CAF_CHECK_EQUAL(
        other.ask("HEAD /v1/events HTTP/1.1\r\nHost: a\r\nAccept: " + std::string(accept) + "\r\n\r\n")
            .status,
        200);
  }
}

CAF_TEST(a listener too many is told to come again) {
  fixture fix;
  auto one = fix.listen();
  auto two = fix.listen();
  auto client = fix.server.connect();

  const auto got = client.ask(get("/v1/events"));

  CAF_CHECK_EQUAL(got.status, 503);
  CAF_CHECK_EQUAL(got.header("Retry-After"), "1");
  CAF_CHECK_EQUAL(text_at(json_of(got), "/type"), "/problems/overloaded");
}

CAF_TEST(a drain ends the streams and refuses new ones) {
  fixture fix;
  auto client = fix.listen();
  auto late = fix.server.connect();

  fix.source.ring->close();

  CAF_CHECK_EQUAL(client.read_bytes(5), "0\r\n\r\n");
  CAF_CHECK_EQUAL(late.ask(get("/v1/events")).status, 503);
}

CAF_TEST(other methods are not allowed) {
  fixture fix;

  const auto got =
      fix.server.connect().ask("POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");

  CAF_CHECK_EQUAL(got.status, 405);
  CAF_CHECK_EQUAL(got.header("Allow"), "GET, HEAD");
}
