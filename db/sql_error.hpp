#pragma once

#include "actors/model/failure.hpp"

#include <string_view>

namespace reviews {

/// What a database error means for its caller.
struct sql_error {
  failure what;
  /// The connection ended before the answer: the statement may have been committed.
  bool is_outcome_unknown = false;
};

/// Lets `sql_result::value()` throw as `outcome::value()` does.
[[noreturn]] inline void throw_exception_from_error(const sql_error& error, const boost::source_location&) {
  throw bad_outcome(error.what);
}

/// An `outcome` that also knows whether a failed statement may have been committed.
template <class T>
using sql_result = boost::system::result<T, sql_error>;

/// The failure behind a SQLSTATE (PostgreSQL manual, appendix A):
/// 08, 53, 57, 58, XX, 40001, 40P01, 55P03 and 25006 (a server that became a standby)
/// are `unavailable`; 22 and 23 `poisoned`; 28, 3D, 42 `refused`; all others
/// `broken`. Of 57014, 55P03, 40001 and 40P01 it says `is_server_there`.
///
/// @param message The server's message as libpq formats it. Only its primary
///   line is passed on, and only where it cannot quote a row's values (never for
///   class 22, never for `broken`).
failure failure_of_sqlstate(std::string_view sqlstate, std::string_view message);

/// The failure behind a refused or failed attempt to connect.
///
/// libpq reports these as text only. With `PQERRORS_VERBOSE` a server's refusal
/// reads `FATAL:  28P01: password …` whatever its language; the last attempt decides.
/// Without a SQLSTATE no server has answered: `unavailable`, unless
/// `needs_password` or libpq calls a value of the URL `invalid`.
///
/// @param message `PQerrorMessage` under `PQERRORS_VERBOSE`.
/// @param needs_password `PQconnectionNeedsPassword`: the server wants one, none is set.
failure failure_of_connect(std::string_view message, bool needs_password);

/// Translates the exception being handled: call it in `catch (...)`. The one
/// place that knows libpqxx's exceptions.
sql_error describe_sql_exception();

/// Runs `work` and answers what it returns, or what its exception means.
template <class T, class Work>
sql_result<T> guard_sql(Work&& work) {
  try {
    return work();
  } catch (...) {
    return describe_sql_exception();
  }
}

/// The outcome without the doubt, for callers to whom a retry is harmless anyway.
template <class T>
outcome<T> to_outcome(sql_result<T>&& result) {
  if (!result)
    return std::move(result).error().what;
  if constexpr (std::is_void_v<T>)
    return {};
  else
    return std::move(*result);
}

} // namespace reviews
