#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace reviews::ctl {

/// Writes a line to `to`.
inline void print_line(std::FILE* to, std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), to);
  std::fputc('\n', to);
}

/// Writes `reviewctl: detail` to the standard error.
inline void complain(std::string_view detail) {
  print_line(stderr, "reviewctl: " + std::string(detail));
}

/// `text` with spaces up to `width`.
inline std::string padded(std::string_view text, std::size_t width) {
  std::string result(text);
  result.append(result.size() < width ? width - result.size() : 1, ' ');
  return result;
}

/// A number with `digits` behind the point.
inline std::string fixed(double number, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, number);
  return text;
}

} // namespace reviews::ctl
