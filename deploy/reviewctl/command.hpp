#pragma once

#include <cstdio>
#include <functional>

namespace CLI {
class App;
}

namespace reviews::ctl {

/// What a chosen subcommand does: writes its results to `results` and returns
/// the exit status. Progress and complaints go to the standard error.
using command = std::function<int(std::FILE* results)>;

// Each adds one subcommand; when the command line chooses it, `chosen` is set.

/// `setup`: topics and schema.
void add_setup(CLI::App& app, command& chosen);

/// `verify`: what must always be true of log and tables.
void add_verify(CLI::App& app, command& chosen);

/// `load`: posts made-up reviews.
void add_load(CLI::App& app, command& chosen);

/// `dlq`: list, show, replay and drop dead letters.
void add_dlq(CLI::App& app, command& chosen);

/// `offsets`: show and set the stored offsets.
void add_offsets(CLI::App& app, command& chosen);

/// `status`: partitions, their owners, and how far behind they are.
void add_status(CLI::App& app, command& chosen);

/// `reload`: has a program read its configuration again.
void add_reload(CLI::App& app, command& chosen);

/// `ready`: asks a program's management port.
void add_ready(CLI::App& app, command& chosen);

} // namespace reviews::ctl
