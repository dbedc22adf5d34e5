#pragma once

#include "http/endpoint.hpp"
#include "http/message.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace reviews {

/// What is served under one path template, such as `/v1/reviews/{review_id}`.
class route {
public:
  explicit route(std::string pattern);

  const std::string& pattern() const noexcept { return pattern_; }
  bool has_parameters() const noexcept { return has_parameters_; }

  /// The endpoint of a method; that of GET for HEAD. Null when there is none.
  endpoint* find(http_method method) const noexcept;

  /// The value of `Allow`: the methods served, HEAD where GET is.
  std::string allow(bool with_options) const;

private:
  friend class router;

  bool matches(std::string_view path, http_request& request) const;

  std::string pattern_;
  std::vector<std::string_view> segments_;
  bool has_parameters_ = false;
  std::array<std::unique_ptr<endpoint>, http_method_count> endpoints_;
};

/// Finds the route of a path. Filled once, then read by all sessions at once.
class router {
public:
  /// Serves `method` on `pattern`, whose segments are literal or `{name}`.
  /// HEAD comes with GET. The same method and pattern twice: the last one counts.
  void add(http_method method, std::string_view pattern, std::unique_ptr<endpoint> target);

  /// The route of `request.path`, or null; fills `request.parameters`, percent-
  /// decoded. A literal path goes before one with parameters; a path matches
  /// encoded and decoded alike, but `%2F` never separates segments.
  const route* match(http_request& request) const;

  const std::vector<std::unique_ptr<route>>& routes() const noexcept { return routes_; }

private:
  std::vector<std::unique_ptr<route>> routes_;
};

} // namespace reviews
