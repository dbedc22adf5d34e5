#pragma once

#include <chrono>
#include <string>

namespace reviews {

/// How to reach Postgres.
struct database_params {
  std::string url =
      "postgresql://reviews@localhost:5432/reviews"; ///< libpq URI or keywords; may hold a secret.
  std::chrono::milliseconds connect_timeout{3'000};  ///< At least 1 s (libpq counts in seconds).
  std::chrono::milliseconds statement_timeout{
      10'000}; ///< Of each statement, on the server; 0 is not allowed.
};

/// How full Postgres's queue of notices may be, 0..1, for more to be told. A full one
/// would fail the commit of whoever tells (PostgreSQL manual, NOTIFY).
inline constexpr double notice_queue_usage_max = 0.5;

} // namespace reviews
