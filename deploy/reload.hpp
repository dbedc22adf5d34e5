#pragma once

#include "actors/metrics.hpp"
#include "actors/model/log.hpp"
#include "config/reload.hpp"
#include "deploy/bounds.hpp"
#include "deploy/process.hpp"
#include "deploy/shared_value.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace reviews {

/// Logs the keys that changed, and by name each that waits for the next start.
void log_reload(const std::vector<setting_change>& changes);

/// Logs every mistake of a configuration that is not taken over.
void log_failed_reload(const std::string& mistakes);

/// Reads the configuration of a running process again at SIGHUP and has the
/// program follow it. A configuration with mistakes changes nothing.
template <class Settings>
class reloader {
public:
  /// Reads all sources anew.
  using read_again = std::function<load_result<Settings>()>;
  /// Makes the running parts follow; blocks until they do or the process is to end.
  using follow = std::function<void(const Settings& before, const Settings& after)>;

  /// @param running What the process was started with.
  reloader(process& of, load_result<Settings> running, read_again read)
      : metrics_(of.metrics()), running_(std::move(running)), text_(running_.effective_toml),
        read_(std::move(read)), registry_(of.metrics()) {
    show_bounds(registry_, *running_.settings);
  }

  const Settings& started_with() const { return *running_.settings; }

  /// The configuration in force, secrets masked, for `/config`. Thread-safe.
  std::string text() const { return text_.get(); }

  /// Does what SIGHUP asks for.
  void reload(const follow& by) {
    auto found = take_over(running_, read_());
    if (!found.in_force.settings) {
      log_failed_reload(found.in_force.text);
      metrics_.count_reload(false);
      return;
    }
    const auto before = std::exchange(running_, std::move(found.in_force));
    const auto& old_log = before.settings->log;
    const auto& new_log = running_.settings->log;
    log::configure(std::min(old_log.level, new_log.level), new_log.format); // both hear what changes
    by(*before.settings, *running_.settings);
    show_bounds(registry_, *running_.settings);
    text_.set(running_.effective_toml);
    log_reload(found.changes);
    log::configure(new_log.level, new_log.format);
    metrics_.count_reload(true);
  }

private:
  config_metrics metrics_;
  load_result<Settings> running_;
  shared_value<std::string> text_;
  read_again read_;
  prometheus::Registry& registry_;
};

} // namespace reviews
