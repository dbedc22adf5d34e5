#pragma once

#include "deploy/reviewctl/findings.hpp"
#include "deploy/reviewctl/log_scan.hpp"
#include "deploy/reviewctl/table_check.hpp"

#include <string>

namespace reviews::ctl {

/// All that `verify` has seen.
struct verify_report {
  log_contents in_log;
  table_contents in_tables;
  findings found;
};

/// A summary to read: counts, offsets, what could not be checked, findings.
std::string to_text(const verify_report& report);

/// The same as one JSON object on one line.
std::string to_json(const verify_report& report);

} // namespace reviews::ctl
