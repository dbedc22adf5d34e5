#pragma once

#include "actors/model/failure.hpp"
#include "db/call_deadline.hpp"
#include "db/params.hpp"
#include "db/pqxx_compat.hpp"
#include "db/sql_error.hpp"

#include <chrono>
#include <memory>
#include <utility>

namespace reviews {

/// One open connection to Postgres whose every call is bounded. Blocking; one owner.
///
/// On the server each statement ends after `statement_timeout`, and each wait for
/// a lock after half of it; a call whose answer never comes is given up
/// `connect_timeout` after that. A dead peer is noticed within 25 s by keepalives
/// and `tcp_user_timeout` unless the URL sets them otherwise.
class session {
public:
  /// Connects within `connect_timeout`, all addresses and hosts of the URL
  /// together (resolving their names is the system's, and bounded by it).
  /// Fails with `unavailable` or `refused` (also: a URL that libpq does not take).
  static outcome<std::unique_ptr<session>> open(const database_params& how);

  /// Runs `work(pq::connection&)` and answers what it returns or what its exception means.
  template <class T, class Work>
  sql_result<T> call(Work&& work) {
    return call_within<T>(call_limit_, std::forward<Work>(work));
  }

  /// As `call`, given up after `limit`; then the connection is lost.
  template <class T, class Work>
  sql_result<T> call_within(std::chrono::milliseconds limit, Work&& work) {
    auto bounded = deadline_.arm(limit);
    return guard_sql<T>([&]() -> sql_result<T> { return work(*connection_); });
  }

private:
  session(pq::libpq_connection raw, const database_params& how);

  void set_up(const database_params& how);

  call_deadline deadline_;
  std::chrono::milliseconds call_limit_;
  std::unique_ptr<pq::connection> connection_;
};

} // namespace reviews
