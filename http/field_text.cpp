#include "http/field_text.hpp"

#include <algorithm>

namespace reviews {

using std::string_view;

string_view trim(string_view text) noexcept {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

string_view take_until(string_view& rest, char mark) noexcept {
  bool is_quoted = false;
  std::size_t i = 0;
  for (; i < rest.size(); ++i) {
    if (rest[i] == '"')
      is_quoted = !is_quoted;
    else if (is_quoted && rest[i] == '\\')
      ++i;
    else if (!is_quoted && rest[i] == mark)
      break;
  }
  const auto part = rest.substr(0, i);
  rest.remove_prefix(std::min(rest.size(), i + 1));
  return trim(part);
}

string_view unquote(string_view text) noexcept {
  return text.size() >= 2 && text.front() == '"' && text.back() == '"' ? text.substr(1, text.size() - 2)
                                                                       : text;
}

} // namespace reviews
