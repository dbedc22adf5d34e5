#include "http/media_type.hpp"

#include "http/field_text.hpp"

#include <algorithm>

namespace reviews {

namespace {

using std::string_view;

bool is_utf8(string_view charset) noexcept {
  return equal_ignoring_case(unquote(charset), "utf-8");
}

// How closely a media range fits a type; 0: not at all.
int fit_of(string_view range, string_view type) noexcept {
  if (equal_ignoring_case(range, type))
    return 3;
  const auto family = type.substr(0, type.find('/') + 1);
  if (range.size() == family.size() + 1 && range.back() == '*' &&
      equal_ignoring_case(range.substr(0, family.size()), family))
    return 2;
  return range == "*/*" ? 1 : 0;
}

bool is_zero_weight(string_view parameters) noexcept {
  while (!parameters.empty()) {
    const auto parameter = take_until(parameters, ';');
    if (parameter.size() < 3 || (parameter[0] != 'q' && parameter[0] != 'Q') || parameter[1] != '=')
      continue;
    const auto weight = parameter.substr(2);
    return weight.front() == '0' && weight.find_first_of("123456789") == weight.npos;
  }
  return false;
}

} // namespace

media_type parse_media_type(string_view content_type) noexcept {
  auto rest = content_type;
  const auto name = take_until(rest, ';');
  while (!rest.empty()) {
    const auto parameter = take_until(rest, ';');
    const auto equals = parameter.find('=');
    if (parameter.empty())
      continue;
    if (equals == parameter.npos)
      return media_type::unsupported;
    if (equal_ignoring_case(parameter.substr(0, equals), "charset") && !is_utf8(parameter.substr(equals + 1)))
      return media_type::unsupported;
  }
  if (equal_ignoring_case(name, "application/json"))
    return media_type::json;
  return equal_ignoring_case(name, "application/x-ndjson") ? media_type::ndjson : media_type::unsupported;
}

bool accepts(string_view accept, string_view type) noexcept {
  if (trim(accept).empty() || accept == "*/*" || accept == type)
    return true;
  int best = 0;
  bool is_admitted = false;
  while (!accept.empty()) {
    auto range = take_until(accept, ',');
    const int fit = fit_of(take_until(range, ';'), type);
    if (fit <= best)
      continue;
    best = fit;
    is_admitted = !is_zero_weight(range);
  }
  return is_admitted;
}

// Several lines are one list; that any of them admits the type is enough.
bool admits(const http_request& head, string_view type) noexcept {
  return head.header_count("Accept") == 0 || std::ranges::any_of(head.fields, [type](const auto& field) {
           return equal_ignoring_case(field.name, "Accept") && accepts(field.value, type);
         });
}

bool admits_gzip(const http_request& head) noexcept {
  bool is_any_admitted = false;
  for (const auto& field : head.fields) {
    if (!equal_ignoring_case(field.name, "Accept-Encoding"))
      continue;
    for (auto codings = field.value; !codings.empty();) {
      auto parameters = take_until(codings, ',');
      const auto coding = take_until(parameters, ';');
      if (equal_ignoring_case(coding, "gzip") || equal_ignoring_case(coding, "x-gzip"))
        return !is_zero_weight(parameters);
      if (coding == "*")
        is_any_admitted = !is_zero_weight(parameters);
    }
  }
  return is_any_admitted;
}

} // namespace reviews
