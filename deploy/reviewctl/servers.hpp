#pragma once

#include "actors/model/failure.hpp"
#include "db/params.hpp"
#include "kafka/params.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace reviews::ctl {

/// How to reach the servers.
struct server_settings {
  kafka_params kafka;
  database_params database;
};

/// The options that say where the servers are and what topics and group are called.
class server_options {
public:
  /// Adds the options to a subcommand. This object must outlive its parsing.
  void add_to(CLI::App& command);

  /// What holds, by command line, environment, file and default. On mistakes
  /// each is named on the standard error and nothing comes back: exit with 78.
  std::optional<server_settings> resolve() const;

private:
  std::string file_;
  std::map<std::string, std::string> given_; ///< Key, value from the command line.
};

/// Adds an option for a time in seconds, `60s` or `2m`, at most an hour. `seconds` holds the default.
void add_seconds(CLI::App& command, const std::string& name, int& seconds, const std::string& help);

/// Calls `attempt` until it succeeds, fails with anything but `unavailable`, or
/// `deadline` has passed; says once on the standard error that it waits for `what`.
outcome<void> wait_for(std::string_view what, std::chrono::steady_clock::time_point deadline,
                       const std::function<outcome<void>()>& attempt);

/// Names a server's failure on the standard error; returns the exit status for it.
int report_failure(const failure& what);

} // namespace reviews::ctl
