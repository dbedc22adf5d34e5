#pragma once

#include "actors/ports/log_source.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace reviews {

/// A topic's log in a test's hands.
struct fake_topic_log {
  std::vector<partition_log> partitions;
  std::optional<failure> problem; ///< Of every look while it is set.
  std::size_t looks = 0;
  std::size_t sources = 0; ///< Alive.
};

class fake_log_source final : public log_source {
public:
  explicit fake_log_source(std::shared_ptr<fake_topic_log> log) : log_(std::move(log)) { ++log_->sources; }
  ~fake_log_source() override { --log_->sources; }

  outcome<std::vector<partition_log>> look(std::chrono::milliseconds) override {
    ++log_->looks;
    if (log_->problem)
      return *log_->problem;
    return log_->partitions;
  }

private:
  std::shared_ptr<fake_topic_log> log_;
};

inline log_source_factory make_fake_log_factory(std::shared_ptr<fake_topic_log> log) {
  return [log] { return std::make_unique<fake_log_source>(log); };
}

} // namespace reviews
