#include "http/cors.hpp"
#include "http/session.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace reviews {

namespace asio = boost::asio;

namespace {

client_address address_of(const asio::ip::address& address) {
  client_address bytes{};
  if (address.is_v6() && !address.to_v6().is_v4_mapped()) {
    const auto v6 = address.to_v6().to_bytes();
    std::memcpy(bytes.data(), v6.data(), 8);
  } else if (address.is_v6()) {
    const auto mapped = address.to_v6().to_bytes();
    std::memcpy(bytes.data(), mapped.data(), mapped.size());
  } else {
    const auto v4 = address.to_v4().to_bytes();
    bytes[10] = bytes[11] = 0xff;
    std::memcpy(bytes.data() + 12, v4.data(), v4.size());
  }
  return bytes;
}

std::string quota_text(const rate_limiter::quota& quota) {
  return "\"default\";q=" + std::to_string(quota.requests) + ";w=" + std::to_string(quota.window.count());
}

} // namespace

session::step session::judge_head() {
  if (is_surplus_) {
    const auto at = refuse_and_close(problem_kind::overloaded, "connections: expected fewer, got too many");
    add_retry_after(response_, std::chrono::seconds(1));
    return at;
  }
  if (const auto at = judge_route(); at != step::go_on)
    return at;
  if (shared_->limiter.is_enabled() && !is_within_rate())
    return step::answered;
  if (facts_.expects == expectation::unknown)
    return refuse(problem_kind::expectation_failed, "Expect: expected 100-continue, got something else");
  request_.is_draining = shared_->is_draining.load(std::memory_order_relaxed);
  const auto terms = endpoint_->examine(request_, response_);
  if (!terms)
    return step::answered;
  terms_ = *terms;
  terms_.bytes_max =
      std::min(terms_.bytes_max, std::max(shared_->params.body_bytes_max, shared_->params.batch_bytes_max));
  return judge_framing();
}

session::step session::judge_route() {
  route_ = shared_->routes.match(request_);
  const auto& origins = shared_->params.cors_allowed_origins;
  const bool is_options = request_.method == http_method::options && !origins.empty();
  if (is_options && request_.path == "*") {
    write_options(response_, request_, "GET, HEAD, POST, OPTIONS", origins);
    return step::answered;
  }
  if (!route_)
    return refuse(problem_kind::not_found, "path: expected one of this service, got another one");
  endpoint_ = route_->find(request_.method);
  if (endpoint_)
    return step::go_on;
  if (is_options) {
    write_options(response_, request_, route_->allow(true), origins);
    return step::answered;
  }
  const auto at =
      refuse(problem_kind::method_not_allowed, "method: expected one that Allow names, got another one");
  response_.add_header("Allow", route_->allow(!origins.empty()));
  return at;
}

session::step session::judge_framing() {
  if (terms_.is_required && !facts_.is_chunked && !facts_.content_length)
    return refuse(problem_kind::length_required, "body: expected Content-Length or chunked, got neither");
  if (!has_body())
    return step::go_on;
  const auto coding = request_.header("Content-Encoding");
  if (request_.header_count("Content-Encoding") > 1 ||
      !(coding.empty() || equal_ignoring_case(coding, "gzip") || equal_ignoring_case(coding, "x-gzip") ||
        equal_ignoring_case(coding, "identity"))) {
    const auto at = refuse(problem_kind::unsupported_media_type,
                           "Content-Encoding: expected gzip or none, got another one");
    response_.add_header("Accept-Encoding", "gzip");
    return at;
  }
  if (facts_.content_length.value_or(0) > terms_.bytes_max)
    return refuse(problem_kind::content_too_large,
                  "body: expected at most " + std::to_string(terms_.bytes_max) + " bytes, got more");
  return step::go_on;
}

// Header fields of draft-ietf-httpapi-ratelimit-headers-10.
bool session::is_within_rate() {
  if (!peer_) {
    boost::system::error_code failed;
    const auto peer = socket_.remote_endpoint(failed);
    peer_ = failed ? client_address{} : address_of(peer.address());
  }
  const auto wait = shared_->limiter.take(*peer_, std::chrono::steady_clock::now());
  if (wait.count() <= 0)
    return true;
  const std::chrono::seconds pause(static_cast<std::int64_t>(std::ceil(wait.count())));
  refuse(problem_kind::rate_limited, "requests: expected fewer from this address, got too many");
  add_retry_after(response_, pause);
  response_.add_header("RateLimit-Policy", quota_text(shared_->limiter.policy()));
  response_.add_header("RateLimit",
                       "\"default\";r=0;t=" + std::to_string(std::max<std::int64_t>(pause.count(), 1)));
  return false;
}

// A body that is still on its way needs room for all that it may become, an unpacked one for what it is more.
session::step session::hold_body(std::size_t bytes) {
  if (shared_->try_hold(shared_->bodies, bytes)) {
    held_body_bytes_ += bytes;
    return step::go_on;
  }
  const auto at =
      refuse_and_close(problem_kind::overloaded, "bodies: expected fewer bytes under way, got too many");
  add_retry_after(response_, std::chrono::seconds(1));
  return at;
}

void session::let_go_of_body() {
  if (held_body_bytes_ > 0)
    shared_->let_go(shared_->bodies, std::exchange(held_body_bytes_, 0));
}

void session::let_go_of_answer() {
  if (held_answer_bytes_ > 0)
    shared_->let_go(shared_->answers, std::exchange(held_answer_bytes_, 0));
}

session::step session::refuse(problem_kind why, std::string_view detail) {
  response_.clear();
  write_problem(response_, why, detail, request_.request_id);
  if (endpoint_)
    endpoint_->on_refused(why);
  return step::answered;
}

session::step session::refuse_and_close(problem_kind why, std::string_view detail) {
  keep_alive_ = false;
  return refuse(why, detail);
}

} // namespace reviews
