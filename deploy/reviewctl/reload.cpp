#include "deploy/reviewctl/command.hpp"
#include "deploy/reviewctl/exit_status.hpp"
#include "deploy/reviewctl/text.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

namespace reviews::ctl {

namespace {

/// As the kernel names our programs: at most 15 characters (proc(5), comm).
constexpr std::array<std::string_view, 2> programs = {"reviews-produce", "reviews-consume"};

std::string name_of_process(int pid) {
  std::ifstream comm("/proc/" + std::to_string(pid) + "/comm");
  std::string name;
  std::getline(comm, name);
  return name;
}

int reload(int pid) {
  const auto subject = "process " + std::to_string(pid);
  const auto name = name_of_process(pid);
  if (name != programs[0] && name != programs[1]) {
    complain(subject + ": expected reviews-producer or reviews-consumer, got " +
             (name.empty() ? "none" : name));
    return exit_status::usage;
  }
  if (kill(pid, SIGHUP) != 0) {
    complain(subject + ": expected to be allowed to signal it, got: " + std::strerror(errno));
    return exit_status::unavailable;
  }
  return exit_status::ok;
}

} // namespace

void add_reload(CLI::App& app, command& chosen) {
  auto pid = std::make_shared<int>(1);
  auto* verb = app.add_subcommand("reload", "Has a program read its configuration again (SIGHUP)");
  verb->add_option("--pid", *pid, "The program's process; 1 is that of a container")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  verb->footer("\nWhat it made of it stands in the program's log, in /config and in\n"
               "reviews_config_last_reload_successful.\n\n"
               "  kubectl exec reviews-consumer-0 -- /usr/bin/reviewctl reload");
  verb->callback([pid, &chosen] { chosen = [pid](std::FILE*) { return reload(*pid); }; });
}

} // namespace reviews::ctl
