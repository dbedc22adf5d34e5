#define CAF_SUITE http_values

#include "http/entity_tag.hpp"
#include "http/gzip.hpp"
#include "http/media_type.hpp"
#include "http/rate_limiter.hpp"
#include "http/request_fields.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace std::chrono_literals;

namespace {

http_request with_fields(std::vector<header_field> fields) {
  http_request request;
  request.fields = std::move(fields);
  return request;
}

client_address client(std::uint8_t last) {
  client_address address{};
  address.back() = last;
  return address;
}

constexpr std::string_view parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

} // namespace

CAF_TEST(content types are read as RFC 9110 has them) {
  for (const auto* text :
       {"application/json", "Application/JSON", "application/json; charset=utf-8",
        "application/json ;charset=\"UTF-8\"", "application/json; v=1;", "application/json;"})
    CAF_CHECK(parse_media_type(text) == media_type::json);
  CAF_CHECK(parse_media_type("application/x-ndjson; charset=UTF-8") == media_type::ndjson);
  for (const auto* text : {"", "text/plain", "application/jsonx", "application/json; charset=latin1",
                           "application/json; charset", "application/json, text/plain", "json"})
    CAF_CHECK(parse_media_type(text) == media_type::unsupported);
}

CAF_TEST(the most specific range of Accept decides) {
  for (const auto* text :
       {"", "*/*", "application/*", "text/html, application/json;q=0.1", "application/json;q=0.001",
        "text/html;q=1, */*;q=0.1", "*/*;q=0, application/json", "application/json; charset=\"a,b\""})
    CAF_CHECK(accepts(text, "application/json"));
  for (const auto* text : {"text/html", "application/json;q=0", "*/*;q=0.0", "*/*, application/json;q=0",
                           "application/problem+json", "application/*;q=0, */*"})
    CAF_CHECK(!accepts(text, "application/json"));
}

CAF_TEST(a request admits a type by any line of Accept) {
  CAF_CHECK(admits(with_fields({}), "text/html"));
  CAF_CHECK(admits(with_fields({{"Accept", "image/png"}, {"accept", "TEXT/*;q=0.5"}}), "text/html"));
  CAF_CHECK(
      !admits(with_fields({{"Accept", "image/png"}, {"Accept", "text/plain, text/*;q=0"}}), "text/html"));
  CAF_CHECK(!admits(with_fields({{"Accept", "text/event-streams, text/*x"}}), "text/event-stream"));
}

CAF_TEST(gzip is sent to whom admits it) {
  for (const auto* text : {"gzip", "br, GZIP;q=0.5", "x-gzip", "*", "identity;q=0, *;q=0.1", "*;q=0, gzip"})
    CAF_CHECK(admits_gzip(with_fields({{"Accept-Encoding", text}})));
  for (const auto* text : {"", "br", "gzip;q=0", "gzip;q=0.000, *", "*;q=0", "gzipped"})
    CAF_CHECK(!admits_gzip(with_fields({{"Accept-Encoding", text}})));
  CAF_CHECK(!admits_gzip(with_fields({})));
  CAF_CHECK(admits_gzip(with_fields({{"Accept-Encoding", "br"}, {"Accept-Encoding", "gzip"}})));
}

CAF_TEST(entity tags name bytes) {
  const auto tag = make_entity_tag("hello");

  CAF_CHECK_EQUAL(tag, "\"2cf24dba5fb0a30e26e83b2a\""); // SHA-256, cut to 96 bits
  for (const auto& text : {tag, "W/" + tag, "\"a\", " + tag, "\"a\",W/" + tag + " , \"b\"", std::string("*")})
    CAF_CHECK(names_entity_tag(text, tag));
  CAF_CHECK(names_entity_tag("\"a,b\"", "W/\"a,b\""));
  for (const std::string text :
       {"", "\"a\"", "2cf24dba5fb0a30e26e83b2a", "\"2cf24dba5fb0a30e26e83b2a", "W/", ","})
    CAF_CHECK(!names_entity_tag(text, tag));
}

CAF_TEST(idempotency keys come quoted or bare) {
  const std::string longest(255, 'k');

  CAF_CHECK_EQUAL(parse_idempotency_key("abc").value(), "abc");
  CAF_CHECK_EQUAL(parse_idempotency_key("\"abc\"").value(), "abc");
  CAF_CHECK_EQUAL(parse_idempotency_key("\"a b\\\"\\\\\"").value(), "a b\"\\");
  CAF_CHECK_EQUAL(parse_idempotency_key(longest).value(), longest);
  CAF_CHECK_EQUAL(parse_idempotency_key('"' + longest + '"').value(), longest);
}

CAF_TEST(malformed idempotency keys are refused) {
  for (const std::string text :
       {"", "\"\"", "\"abc", "\"a\"b", "\"a\\x\"", "\"a\\", "\"", "\"a\";p=1", "a\tb", "caf\xc3\xa9"})
    CAF_CHECK(!parse_idempotency_key(text));
  CAF_CHECK(!parse_idempotency_key(std::string(256, 'k')));
}

CAF_TEST(a valid trace context passes) {
  const auto request = with_fields({{"TraceParent", parent}, {"tracestate", "a=1,b=2"}});

  const auto got = trace_context_of(request);

  CAF_CHECK_EQUAL(got.traceparent, parent);
  CAF_CHECK_EQUAL(got.tracestate, "a=1,b=2");
}

CAF_TEST(a tracestate in several field lines is one list) {
  const auto request =
      with_fields({{"traceparent", parent}, {"tracestate", "a=1"}, {"Host", "h"}, {"TraceState", "b=2,c=3"}});
  const std::string half(257, 'a');

  CAF_CHECK_EQUAL(trace_context_of(request).tracestate, "a=1,b=2,c=3");
  CAF_CHECK(
      trace_context_of(with_fields({{"traceparent", parent}, {"tracestate", half}, {"tracestate", half}}))
          .tracestate.empty());
}

CAF_TEST(an invalid trace context is left out) {
  const std::string too_long(513, 'a');
  for (const std::string_view text : {"", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                                      "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                                      "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                                      "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                                      "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                                      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x"})
    CAF_CHECK(
        trace_context_of(with_fields({{"traceparent", text}, {"tracestate", "a=1"}})).traceparent.empty());
  CAF_CHECK(
      trace_context_of(with_fields({{"traceparent", parent}, {"traceparent", parent}})).traceparent.empty());
  CAF_CHECK(trace_context_of(with_fields({{"tracestate", "a=1"}})).tracestate.empty());
  CAF_CHECK(
      trace_context_of(with_fields({{"traceparent", parent}, {"tracestate", too_long}})).tracestate.empty());
}

CAF_TEST(a later version of traceparent may go on) {
  const std::string later = "01" + std::string(parent.substr(2)) + "-more";

  CAF_CHECK_EQUAL(trace_context_of(with_fields({{"traceparent", later}})).traceparent, later);
}

CAF_TEST(request ids must fit a URI reference) {
  for (const std::string text : {"client-42", "urn:uuid:1", "a/b;o=1", "a/1:2", "YWJj+/=="})
    CAF_CHECK(is_sane_request_id(text));
  CAF_CHECK(is_sane_request_id(std::string(128, 'a')));
  for (const std::string text :
       {"", "a b", "a\"b", "a<b", "caf\xc3\xa9", "F]", "[", "%zz", "1:2", ":a", "//a:b", "a#b"})
    CAF_CHECK(!is_sane_request_id(text));
  CAF_CHECK(!is_sane_request_id(std::string(129, 'a')));
}

CAF_TEST(gzip unpacks up to the limit) {
  const std::string text(10'000, 'x');
  std::string out;

  CAF_CHECK(gunzip(gzip(text), 10'000, out) == gunzip_result::ok);
  CAF_CHECK_EQUAL(out, text);
  CAF_CHECK(gunzip(gzip(text), 9'999, out) == gunzip_result::too_large);
  CAF_CHECK(gunzip(gzip("a") + gzip("b"), 10, out) == gunzip_result::ok);
  CAF_CHECK_EQUAL(out, "ab");
  CAF_CHECK(gunzip(gzip(""), 10, out) == gunzip_result::ok);
  CAF_CHECK_EQUAL(out, "");
}

CAF_TEST(what is not gzip is corrupt) {
  const auto packed = gzip("hello, hello, hello");
  auto flipped = packed;
  flipped[packed.size() - 6] = static_cast<char>(flipped[packed.size() - 6] ^ 1);
  std::string out;

  CAF_CHECK(gunzip("hello", 100, out) == gunzip_result::corrupt);
  CAF_CHECK(gunzip(packed + "x", 100, out) == gunzip_result::corrupt);
  CAF_CHECK(gunzip(flipped, 100, out) == gunzip_result::corrupt);
  for (std::size_t n = 0; n < packed.size(); ++n)
    CAF_CHECK(gunzip(packed.substr(0, n), 100, out) == gunzip_result::corrupt);
}

CAF_TEST(a gzip bomb stops at the limit) {
  const auto bomb = gzip(std::string(50'000'000, '\0'));
  std::string out;

  CAF_CHECK(gunzip(bomb, 65'536, out) == gunzip_result::too_large);
  CAF_CHECK(out.capacity() < 1'000'000);
}

CAF_TEST(a bucket gives its burst and then its rate) {
  rate_limiter uut(2);
  const rate_limiter::time_point start{1h};

  CAF_CHECK(uut.take(client(1), start).count() == 0);
  CAF_CHECK(uut.take(client(1), start).count() == 0);
  CAF_CHECK(uut.take(client(1), start) == 500ms);
  CAF_CHECK(uut.take(client(2), start).count() == 0);
  CAF_CHECK(uut.take(client(1), start + 500ms).count() == 0);
  CAF_CHECK(uut.take(client(1), start + 500ms).count() > 0);
}

CAF_TEST(a rate below one a second has a longer window) {
  rate_limiter uut(0.25);
  const rate_limiter::time_point start{1h};

  CAF_CHECK(uut.take(client(1), start).count() == 0);
  CAF_CHECK(uut.take(client(1), start) == 4s);
  CAF_CHECK_EQUAL(uut.policy().requests, 1u);
  CAF_CHECK(uut.policy().window == 4s);
}

CAF_TEST(the rate may change and end) {
  rate_limiter uut(0);
  const rate_limiter::time_point start{1h};
  CAF_CHECK(!uut.is_enabled());

  uut.set_rate(1);
  CAF_CHECK(uut.is_enabled());
  CAF_CHECK(uut.take(client(1), start).count() == 0);
  CAF_CHECK(uut.take(client(1), start).count() > 0);

  uut.set_rate(0);
  CAF_CHECK(uut.take(client(1), start).count() == 0);
}

CAF_TEST(the table of clients is bounded) {
  rate_limiter uut(1);
  const rate_limiter::time_point start{1h};
  const auto nth = [](std::size_t n) {
    client_address address{};
    for (std::size_t i = 0; i < 4; ++i)
      address[i] = static_cast<std::uint8_t>(n >> (8 * i));
    return address;
  };
  for (std::size_t n = 0; n < rate_limiter::clients_max; ++n)
    CAF_REQUIRE(uut.take(nth(n), start).count() == 0);

  CAF_CHECK(uut.take(nth(rate_limiter::clients_max + 1), start).count() == 0);
  CAF_CHECK(uut.take(nth(rate_limiter::clients_max + 2), start).count() > 0);
  CAF_CHECK(uut.take(nth(rate_limiter::clients_max + 3), start + 2s).count() == 0);
  CAF_CHECK(uut.take(nth(rate_limiter::clients_max + 4), start + 2s).count() == 0);
}
