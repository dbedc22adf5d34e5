#include "http/router.hpp"

#include <algorithm>

namespace reviews {

namespace {

std::string_view take_segment(std::string_view& rest) {
  const auto segment = rest.substr(0, rest.find('/'));
  rest.remove_prefix(std::min(rest.size(), segment.size() + 1));
  return segment;
}

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

} // namespace

route::route(std::string pattern) : pattern_(std::move(pattern)) {
  std::string_view rest = pattern_;
  rest.remove_prefix(1);
  while (!rest.empty())
    segments_.push_back(take_segment(rest));
  has_parameters_ = std::ranges::any_of(segments_, is_parameter);
}

endpoint* route::find(http_method method) const noexcept {
  const auto& own = endpoints_[static_cast<std::size_t>(method)];
  if (!own && method == http_method::head)
    return endpoints_[static_cast<std::size_t>(http_method::get)].get();
  return own.get();
}

std::string route::allow(bool with_options) const {
  std::string text;
  for (std::size_t i = 0; i + 1 < http_method_count; ++i) {
    const auto method = static_cast<http_method>(i);
    if (!find(method) && !(with_options && method == http_method::options))
      continue;
    text.append(text.empty() ? "" : ", ").append(to_string(method));
  }
  return text;
}

bool route::matches(std::string_view path, http_request& request) const {
  if (std::ranges::count(path, '/') != std::ranges::count(pattern_, '/'))
    return false;
  std::string decoded;
  path.remove_prefix(1);
  for (const auto segment : segments_) {
    if (!percent_decode(take_segment(path), decoded))
      return false;
    if (!is_parameter(segment)) {
      if (decoded != segment)
        return false;
    } else if (decoded.empty()) {
      return false;
    } else {
      request.parameters.emplace_back(segment.substr(1, segment.size() - 2), decoded);
    }
  }
  return path.empty();
}

void router::add(http_method method, std::string_view pattern, std::unique_ptr<endpoint> target) {
  auto at = std::ranges::find(routes_, pattern, [](const auto& r) { return std::string_view(r->pattern_); });
  if (at == routes_.end()) {
    auto fresh = std::make_unique<route>(std::string(pattern));
    at = fresh->has_parameters()
             ? routes_.end()
             : std::ranges::find_if(routes_, [](const auto& r) { return r->has_parameters_; });
    at = routes_.insert(at, std::move(fresh));
  }
  (*at)->endpoints_[static_cast<std::size_t>(method)] = std::move(target);
}

const route* router::match(http_request& request) const {
  const bool is_encoded = request.path.find('%') != request.path.npos;
  for (const auto& candidate : routes_) {
    if (candidate->pattern_ == request.path)
      return candidate.get();
    if (!candidate->has_parameters_ && !is_encoded)
      continue;
    request.parameters.clear();
    if (request.path.starts_with('/') && candidate->matches(request.path, request))
      return candidate.get();
  }
  request.parameters.clear();
  return nullptr;
}

} // namespace reviews
