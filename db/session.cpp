#include "db/session.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace reviews {

namespace {

using steady = std::chrono::steady_clock;

struct conninfo_deleter {
  void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

struct keyword {
  const char* name;
  const char* value;
};

/// What the URL may override.
constexpr std::array<keyword, 6> defaults{{
    {"fallback_application_name", "reviews"},
    {"keepalives", "1"},
    {"keepalives_idle", "10"},
    {"keepalives_interval", "5"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "25000"}, // milliseconds
}};

/// Keywords of the URL after our defaults: libpq lets the later one win.
outcome<pq::libpq_connection> start_connecting(const std::string& url) {
  std::unique_ptr<PQconninfoOption, conninfo_deleter> options(PQconninfoParse(url.c_str(), nullptr));
  if (!options) // libpq's message may quote the URL with its password
    return failure{ec::refused, "database.url: expected a libpq URI or keyword string, got something else"};
  std::vector<const char*> names, values;
  for (const auto& each : defaults) {
    names.push_back(each.name);
    values.push_back(each.value);
  }
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr)
      continue;
    names.push_back(option->keyword);
    values.push_back(option->val);
  }
  names.push_back("client_encoding");
  values.push_back("UTF8");
  names.push_back(nullptr);
  values.push_back(nullptr);
  pq::libpq_connection raw(PQconnectStartParams(names.data(), values.data(), 0));
  if (!raw)
    return failure{ec::broken, "postgres: expected memory for a connection, got none"};
  return raw;
}

/// Waits until libpq can go on; false when `due` has passed.
bool wait_for(PGconn* raw, PostgresPollingStatusType want, steady::time_point due) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - steady::now());
    if (left.count() <= 0)
      return false;
    pollfd socket{PQsocket(raw), static_cast<short>(want == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
    if (::poll(&socket, 1, static_cast<int>(left.count())) > 0)
      return true;
  }
}

outcome<void> finish_connecting(PGconn* raw, std::chrono::milliseconds limit) {
  const auto due = steady::now() + limit;
  PQsetErrorVerbosity(raw, PQERRORS_VERBOSE); // the only way to a refusal's SQLSTATE
  auto status = PGRES_POLLING_WRITING;
  while (PQstatus(raw) != CONNECTION_BAD && status != PGRES_POLLING_OK) {
    if (!wait_for(raw, status, due))
      return failure{ec::unavailable, "postgres: expected a connection within " +
                                          std::to_string(limit.count()) + " ms, got none"};
    status = PQconnectPoll(raw);
    if (status == PGRES_POLLING_FAILED)
      break;
  }
  if (PQstatus(raw) != CONNECTION_OK)
    return failure_of_connect(PQerrorMessage(raw), PQconnectionNeedsPassword(raw) != 0);
  PQsetErrorVerbosity(raw, PQERRORS_TERSE); // no DETAIL: it quotes rows
  return {};
}

} // namespace

outcome<std::unique_ptr<session>> session::open(const database_params& how) {
  auto raw = start_connecting(how.url);
  if (!raw)
    return raw.error();
  if (auto connected = finish_connecting(raw->get(), how.connect_timeout); !connected)
    return connected.error();
  std::unique_ptr<session> opened;
  auto built = guard_sql<void>([&]() -> sql_result<void> {
    opened.reset(new session(std::move(*raw), how));
    opened->set_up(how);
    return {};
  });
  if (!built)
    return built.error().what;
  return opened;
}

session::session(pq::libpq_connection raw, const database_params& how)
    : deadline_(PQsocket(raw.get())), call_limit_(how.statement_timeout + how.connect_timeout),
      connection_(pq::adopt(std::move(raw))) {}

// The statements of this program are written for read committed: a statement
// that waited for a lock sees what the lock's holder has committed.
void session::set_up(const database_params& how) {
  const auto statement_ms = how.statement_timeout.count();
  const auto lock_ms = std::max<long long>(statement_ms / 2, 1);
  const auto sql = "set statement_timeout = " + std::to_string(statement_ms) +
                   "; set lock_timeout = " + std::to_string(lock_ms) +
                   "; set default_transaction_isolation = 'read committed'; set timezone = 'UTC'" +
                   "; set client_min_messages = error";
  auto bounded = deadline_.arm(call_limit_);
  pqxx::nontransaction tx(*connection_);
  tx.exec(sql);
}

} // namespace reviews
