#include "deploy/reviewctl/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace reviews::ctl {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t bar_width = 30;

} // namespace

std::string format_progress(std::string_view label, std::uint64_t done, std::uint64_t total,
                            std::string_view suffix) {
  std::string line(label);
  if (total != 0) {
    const auto share = std::min(1.0, double(done) / double(total));
    const auto filled = static_cast<std::size_t>(share * bar_width);
    line.append(" [").append(filled, '=').append(filled < bar_width ? ">" : "");
    line.append(bar_width - std::min(bar_width, filled + 1), ' ').append("] ");
    auto percent = std::to_string(static_cast<int>(share * 100));
    line.append(3 - std::min<std::size_t>(percent.size(), 3), ' ').append(percent).append(" %  ");
    line.append(std::to_string(done)).append("/").append(std::to_string(total));
  } else {
    line.append(" ").append(std::to_string(done));
  }
  if (!suffix.empty())
    line.append("  ").append(suffix);
  return line;
}

progress::progress(std::string label, std::uint64_t total)
    : label_(std::move(label)), total_(total), is_terminal_(isatty(STDERR_FILENO) == 1),
      next_(std::chrono::steady_clock::now() + (is_terminal_ ? 100ms : 5s)) {}

progress::~progress() {
  if (is_terminal_ && is_drawn_)
    std::fputs("\r\033[K", stderr);
}

void progress::show(std::uint64_t done, std::string_view suffix) {
  if (!is_due())
    return;
  const auto line = format_progress(label_, done, total_, suffix);
  std::fprintf(stderr, is_terminal_ ? "\r%s\033[K" : "%s\n", line.c_str());
  std::fflush(stderr);
  is_drawn_ = true;
  next_ = std::chrono::steady_clock::now() + (is_terminal_ ? 100ms : 5s);
}

} // namespace reviews::ctl
