#pragma once

#include <libpq-fe.h>
#include <pqxx/pqxx>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

/// The one place that knows which libpqxx this is: 6.4 (bookworm), or 7.7 and
/// later (trixie has 7.10).
namespace reviews::pq {

/// Closes a libpq connection that no libpqxx object owns yet.
struct finisher {
  void operator()(PGconn* raw) const noexcept { PQfinish(raw); }
};

using libpq_connection = std::unique_ptr<PGconn, finisher>;

#if PQXX_VERSION_MAJOR < 7

/// Hands an established connection to libpqxx 6, which knows no other way in.
class adopting_policy : public pqxx::connectionpolicy {
public:
  explicit adopting_policy(libpq_connection raw) : connectionpolicy(std::string()), raw_(std::move(raw)) {}
  handle do_startconnect(handle now) override { return now != nullptr ? now : raw_.release(); }

private:
  libpq_connection raw_;
};

/// A connection that never comes back by itself: libpqxx 6 would repeat a
/// statement whose outcome is unknown.
class connection : public pqxx::connection_base {
public:
  explicit connection(libpq_connection raw) : connection_base(policy_), policy_(std::move(raw)) {
    init();
#include <pqxx/internal/ignore-deprecated-pre.hxx>
    inhibit_reactivation(true);
#include <pqxx/internal/ignore-deprecated-post.hxx>
  }
  ~connection() noexcept {
    close();
  }

private:
  adopting_policy policy_;
};

inline std::unique_ptr<connection> adopt(libpq_connection raw) {
  return std::make_unique<connection>(std::move(raw));
}

using binary = pqxx::binarystring;

/// A parameter in Postgres's binary format.
inline binary as_binary(std::string_view bytes) {
  return binary(bytes.data(), bytes.size());
}

#else

using connection = pqxx::connection;

inline std::unique_ptr<connection> adopt(libpq_connection raw) {
  return std::make_unique<connection>(pqxx::connection::seize_raw_connection(raw.release()));
}

#if PQXX_VERSION_MAJOR > 7 || PQXX_VERSION_MINOR >= 9
using binary = pqxx::bytes_view;
#else
using binary = std::basic_string_view<std::byte>;
#endif

/// A parameter in Postgres's binary format; a view of `bytes`.
inline binary as_binary(std::string_view bytes) {
  return binary(reinterpret_cast<const std::byte*>(bytes.data()), bytes.size());
}

#endif

/// Hears the payloads of one channel, on a connection that must outlive it,
/// from its making on; the calls come from within `await_notification`.
class ear {
public:
  using hear = std::function<void(const std::string& payload)>;

#if PQXX_VERSION_MAJOR > 7 || (PQXX_VERSION_MAJOR == 7 && PQXX_VERSION_MINOR >= 10)
  ear(connection& of, const std::string& channel, hear then) {
    of.listen(channel,
              [then = std::move(then)](const pqxx::notification& got) { then(std::string(got.payload)); });
  }
#else
  ear(connection& of, const std::string& channel, hear then)
      : receiver_(std::make_unique<receiver>(of, channel, std::move(then))) {}

private:
  class receiver : public pqxx::notification_receiver {
  public:
    receiver(connection& of, const std::string& channel, hear then)
        : notification_receiver(of, channel), then_(std::move(then)) {}
    void operator()(const std::string& payload, int) override { then_(payload); }

  private:
    hear then_;
  };

  std::unique_ptr<receiver> receiver_;
#endif
};

/// Runs a prepared statement.
template <class... Args>
pqxx::result exec_prepared(pqxx::transaction_base& tx, const char* name, Args&&... args) {
#if PQXX_VERSION_MAJOR > 7 || (PQXX_VERSION_MAJOR == 7 && PQXX_VERSION_MINOR >= 10)
  return tx.exec(pqxx::prepped{name}, pqxx::params{std::forward<Args>(args)...});
#else
  return tx.exec_prepared(name, std::forward<Args>(args)...);
#endif
}

/// Runs a statement with parameters.
template <class... Args>
pqxx::result exec_params(pqxx::transaction_base& tx, const char* sql, Args&&... args) {
#if PQXX_VERSION_MAJOR > 7 || (PQXX_VERSION_MAJOR == 7 && PQXX_VERSION_MINOR >= 10)
  return tx.exec(sql, pqxx::params{std::forward<Args>(args)...});
#else
  return tx.exec_params(sql, std::forward<Args>(args)...);
#endif
}

} // namespace reviews::pq
