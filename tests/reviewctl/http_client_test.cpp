#define CAF_SUITE http_client

#include "http/client.hpp"

#include "caf/test/unit_test.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <thread>
#include <vector>

using namespace reviews;
using namespace std::chrono_literals;

namespace {

/// A server of plain sockets: for each connection in turn, `serve` is called with it.
class tiny_server {
public:
  explicit tiny_server(int connections, std::function<void(int, int)> serve)
      : listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    listen(listener_, 8);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, connections, serve] {
      for (int i = 0; i < connections; ++i) {
        const int one = accept(listener_, nullptr, nullptr);
        const timeval limit{10, 0};
        setsockopt(one, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        serve(i, one);
        close(one);
      }
    });
  }

  ~tiny_server() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  http_origin origin() const { return *parse_http_origin("http://127.0.0.1:" + std::to_string(port_)); }

private:
  int listener_;
  int port_ = 0;
  std::thread thread_;
};

/// Reads up to the end of a request whose body is `x`.
std::string read_request(int from) {
  std::string text;
  char buffer[4096];
  while (text.size() < 5 || text.substr(text.size() - 5) != "\r\n\r\nx") {
    const auto got = recv(from, buffer, sizeof buffer, 0);
    if (got <= 0)
      break;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  return text;
}

void write_answer(int to, std::string_view head, std::string_view body = "") {
  const auto text = "HTTP/1.1 " + std::string(head) + "\r\nContent-Length: " + std::to_string(body.size()) +
                    "\r\n\r\n" + std::string(body);
  send(to, text.data(), text.size(), MSG_NOSIGNAL);
}

/// Posts `x` a number of times, one after the other, and keeps the answers.
class some_posts : public http_post_source {
public:
  explicit some_posts(int count) : left_(count) {}

  decision next(time_point, http_post& out) override {
    if (left_ == 0)
      return {verdict::finished};
    --left_;
    out.target = "/v1/reviews";
    out.content_type = "application/json";
    out.idempotency_key = "key";
    out.body = "x";
    return {verdict::post};
  }

  void answered(std::uint64_t, time_point, const outcome<http_answer>& answer) override {
    if (answer)
      answers.push_back(std::to_string(answer->status) + " " + std::to_string(answer->retry_after.count()) +
                        " " + std::string(answer->body));
    else
      answers.emplace_back(to_string(answer.error().code));
  }

  void tick(time_point) override { ++ticks; }

  std::vector<std::string> answers;
  int ticks = 0;

private:
  int left_;
};

std::string host_and_port(std::string_view url) {
  const auto read = parse_http_origin(url);
  return read ? read->host + " " + read->port + " " + read->authority : "invalid";
}

} // namespace

CAF_TEST(the origin of a url is read) {
  CAF_CHECK_EQUAL(host_and_port("http://localhost:8080"), "localhost 8080 localhost:8080");
  CAF_CHECK_EQUAL(host_and_port("http://example.org/"), "example.org 80 example.org");
  CAF_CHECK_EQUAL(host_and_port("http://[::1]:81"), "::1 81 [::1]:81");
  for (const auto* url : {"", "http://", "localhost:8080", "https://x", "http://x/y", "http://u@x",
                          "http://x:0", "http://x:65536", "http://x:", "http://x:8a", "http://[::1"})
    CAF_CHECK_EQUAL(host_and_port(url), "invalid");
}

CAF_TEST(posts share a connection and answers come with status and time) {
  std::string first;
  some_posts uut(2);
  {
    tiny_server server(1, [&](int, int with) {
      first = read_request(with);
      write_answer(with, "202 Accepted", "{}");
      read_request(with);
      write_answer(with, "503 Busy\r\nRetry-After: 7");
    });

    CAF_CHECK(post_all(server.origin(), {.connections = 1}, uut));
  }

  CAF_REQUIRE_EQUAL(uut.answers.size(), 2u);
  CAF_CHECK_EQUAL(uut.answers[0], "202 0 {}");
  CAF_CHECK_EQUAL(uut.answers[1], "503 7 ");
  CAF_CHECK_EQUAL(first.substr(0, 34), "POST /v1/reviews HTTP/1.1\r\nHost: 1");
  CAF_CHECK(first.find("\r\nIdempotency-Key: \"key\"\r\n") != std::string::npos);
}

CAF_TEST(a connection that was closed while idle is opened anew) {
  some_posts uut(2);
  {
    tiny_server server(2, [&](int, int with) {
      read_request(with);
      write_answer(with, "202 Accepted");
    });

    CAF_CHECK(post_all(server.origin(), {.connections = 1}, uut));
  }

  CAF_REQUIRE_EQUAL(uut.answers.size(), 2u);
  CAF_CHECK_EQUAL(uut.answers[1], "202 0 ");
}

CAF_TEST(a connection that ends before the answer leaves the outcome unknown) {
  some_posts uut(1);
  {
    tiny_server server(1, [&](int, int with) { read_request(with); });

    CAF_CHECK(post_all(server.origin(), {.connections = 1}, uut));
  }

  CAF_REQUIRE_EQUAL(uut.answers.size(), 1u);
  CAF_CHECK_EQUAL(uut.answers[0], "outcome_unknown");
}

CAF_TEST(an answer that does not come in time leaves the outcome unknown) {
  some_posts uut(1);
  {
    tiny_server server(1, [&](int, int with) {
      read_request(with);
      char none = 0;
      static_cast<void>(recv(with, &none, 1, 0)); // until the client closes
    });

    CAF_CHECK(post_all(server.origin(), {.connections = 1, .request_timeout = 250ms}, uut));
  }

  CAF_REQUIRE_EQUAL(uut.answers.size(), 1u);
  CAF_CHECK_EQUAL(uut.answers[0], "outcome_unknown");
  CAF_CHECK(uut.ticks >= 1);
}

CAF_TEST(a server that is not there is unavailable) {
  some_posts uut(1);
  auto nobody = *parse_http_origin("http://127.0.0.1:1");

  CAF_CHECK(post_all(nobody, {.connections = 1}, uut));

  CAF_REQUIRE_EQUAL(uut.answers.size(), 1u);
  CAF_CHECK_EQUAL(uut.answers[0], "unavailable");
}
