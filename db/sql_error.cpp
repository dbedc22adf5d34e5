#include "db/sql_error.hpp"

#include "actors/model/rejected_certificate.hpp"
#include "db/pqxx_compat.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <new>
#include <string>

namespace reviews {

namespace {

constexpr std::string_view severity_end = ":  ";
constexpr std::size_t sqlstate_length = 5;

/// The text between the severity and the end of its line, without the position in our SQL.
std::string_view primary_line(std::string_view message) {
  if (auto at = message.find(severity_end); at != std::string_view::npos)
    message.remove_prefix(at + severity_end.size());
  message = message.substr(0, message.find('\n'));
  return message.substr(0, message.rfind(" at character "));
}

ec code_of_sqlstate(std::string_view sqlstate) {
  const auto sql_class = sqlstate.substr(0, 2);
  if (sql_class == "08" || sql_class == "53" || sql_class == "57" || sql_class == "58" || sql_class == "XX" ||
      sqlstate == "40001" || sqlstate == "40P01" || sqlstate == "55P03" || sqlstate == "25006")
    return ec::unavailable;
  if (sql_class == "22" || sql_class == "23")
    return ec::poisoned;
  if (sql_class == "28" || sql_class == "3D" || sql_class == "42")
    return ec::refused;
  return ec::broken;
}

/// A cancelled statement (its timeout, or an operator) and what another session's locks or
/// writes end: the server itself is well.
bool is_of_one_statement(std::string_view sqlstate) {
  return sqlstate == "57014" || sqlstate == "55P03" || sqlstate == "40001" || sqlstate == "40P01";
}

/// 40003, and 57P: the session was ended, perhaps between commit and answer.
bool is_outcome_unknown(std::string_view sqlstate) {
  return sqlstate.substr(0, 2) == "08" || sqlstate == "40003" || sqlstate.starts_with("57P");
}

bool is_sqlstate(std::string_view text) {
  return text.size() == sqlstate_length && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
         });
}

/// The last `:  SQLSTATE: text` of a verbose message; empty when there is none.
std::string_view last_verbose_error(std::string_view message) {
  auto at = message.rfind(severity_end);
  while (at != std::string_view::npos) {
    const auto rest = message.substr(at + severity_end.size());
    if (rest.size() > sqlstate_length && rest[sqlstate_length] == ':' &&
        is_sqlstate(rest.substr(0, sqlstate_length)))
      return rest.substr(0, rest.find('\n'));
    if (at == 0)
      break;
    at = message.rfind(severity_end, at - 1);
  }
  return {};
}

/// Words of libpq for a connection that TLS settings of one side keep from ever being made
/// (fe-connect.c, fe-secure-common.c and fe-secure-openssl.c of PostgreSQL).
bool names_a_tls_refusal(std::string_view line) noexcept {
  constexpr std::array<std::string_view, 4> words{"does not match host name", "server does not support SSL",
                                                  "certificate file \"", "private key file \""};
  return names_a_rejected_certificate(line) ||
         std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return line.find(word) != std::string_view::npos; });
}

/// The line that says so, of an error with one for each address that was tried; else empty.
std::string_view tls_refusal(std::string_view message) noexcept {
  while (!message.empty()) {
    const auto line = message.substr(0, message.find('\n'));
    if (names_a_tls_refusal(line))
      return line;
    message.remove_prefix(std::min(line.size() + 1, message.size()));
  }
  return {};
}

sql_error of_sqlstate(std::string_view sqlstate, std::string_view message) {
  return {failure_of_sqlstate(sqlstate, message), is_outcome_unknown(sqlstate)};
}

sql_error connection_lost() {
  return {failure{ec::unavailable, "postgres: expected an answer, got a broken connection"}, true};
}

sql_error broken(std::string_view kind) {
  std::string detail("postgres: expected success, got ");
  detail.append(kind);
  return {failure{ec::broken, std::move(detail)}, false};
}

} // namespace

failure failure_of_sqlstate(std::string_view sqlstate, std::string_view message) {
  const auto code = code_of_sqlstate(sqlstate);
  std::string detail("postgres: expected success, got ");
  detail.append(sqlstate);
  if (code != ec::broken && !sqlstate.starts_with("22"))
    detail.append(" (").append(primary_line(message)).append(")");
  return failure{code, std::move(detail), std::chrono::seconds(0), is_of_one_statement(sqlstate)};
}

failure failure_of_connect(std::string_view message, bool needs_password) {
  if (const auto error = last_verbose_error(message); !error.empty()) {
    auto text = error.substr(sqlstate_length + 1);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return failure_of_sqlstate(error.substr(0, sqlstate_length), text);
  }
  if (needs_password)
    return failure{ec::refused, "postgres: expected a password in database.url, got none"};
  if (message.starts_with("invalid ")) // libpq quotes the value, which may be a secret out of place
    return failure{ec::refused, "database.url: expected usable values, got one that libpq rejects"};
  std::string detail("postgres: expected a connection, got ");
  if (const auto refusal = tls_refusal(message); !refusal.empty())
    return failure{ec::refused, detail.append(refusal)};
  const auto text = message.substr(0, message.find('\n'));
  detail.append(text.empty() ? std::string_view("no answer") : text);
  return failure{ec::unavailable, std::move(detail)};
}

// libpqxx 6 drops the SQLSTATE of some errors and tells them by type alone.
sql_error describe_sql_exception() {
  try {
    throw;
  } catch (const pqxx::in_doubt_error&) {
    return connection_lost();
  } catch (const pqxx::too_many_connections& error) {
    return of_sqlstate("53300", error.what());
  } catch (const pqxx::broken_connection&) {
    return connection_lost();
  } catch (const pqxx::serialization_failure& error) {
    return of_sqlstate("40001", error.what());
  } catch (const pqxx::deadlock_detected& error) {
    return of_sqlstate("40P01", error.what());
  } catch (const pqxx::statement_completion_unknown&) {
    return connection_lost();
  } catch (const pqxx::insufficient_privilege& error) {
    return of_sqlstate("42501", error.what());
  } catch (const pqxx::sql_error& error) {
    if (error.sqlstate().empty()) // libpq's own: the server said nothing.
      return connection_lost();
    return of_sqlstate(error.sqlstate(), error.what());
  } catch (const std::bad_alloc&) {
    return broken("std::bad_alloc");
  } catch (const pqxx::failure&) {
    return broken("pqxx::failure");
  } catch (const std::logic_error&) {
    return broken("std::logic_error");
  } catch (const std::exception&) {
    return broken("std::exception");
  } catch (...) {
    return broken("an unknown exception");
  }
}

} // namespace reviews
