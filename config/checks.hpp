#pragma once

#include "config/reading.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace reviews::config {

/// Where each key and entry that is not at its default was set.
using sources = std::map<std::string, source>;

/// Values that are each within their range but do not go together. Checks
/// that involve a key in `bad`, which has a mistake of its own, are left out.
std::vector<mistake> check_together(const any_settings& settings, const sources& from,
                                    const std::set<std::string>& bad);

/// The mistake `text`, which begins with `keys.front()`, behind the place where the first of the keys that is
/// not at its default was set; `default: …` when none is. A place that names the key is enough.
std::string located(const sources& from, const std::vector<std::string>& keys, const std::string& text);

} // namespace reviews::config
