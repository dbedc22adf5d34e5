#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace reviews::ctl {

/// `label [=====>    ]  52 %  104000/200000  suffix`, at most 100 columns plus the suffix.
std::string format_progress(std::string_view label, std::uint64_t done, std::uint64_t total,
                            std::string_view suffix);

/// Shows how far a long step is on the standard error: a line that is
/// redrawn ten times a second on a terminal, else a line every five seconds.
class progress {
public:
  /// @param total 0: unknown; then only the count is shown.
  progress(std::string label, std::uint64_t total);
  ~progress();
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  /// True when `show` would draw: ask before making a suffix.
  bool is_due() const { return std::chrono::steady_clock::now() >= next_; }

  /// Draws, unless it is too early.
  void show(std::uint64_t done, std::string_view suffix = {});

private:
  std::string label_;
  std::uint64_t total_;
  bool is_terminal_;
  bool is_drawn_ = false;
  std::chrono::steady_clock::time_point next_;
};

} // namespace reviews::ctl
