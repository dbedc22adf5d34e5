#pragma once

#include "config/checks.hpp"

#include <string>

namespace reviews::config {

/// A complete TOML file of the settings, secrets masked: every key with its
/// meaning, unit, range and whether SIGHUP changes it. With `from`, each value's
/// source stands behind it.
std::string print_toml(const any_settings& settings, const sources* from);

} // namespace reviews::config
