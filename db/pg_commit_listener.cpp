#include "db/pg_commit_listener.hpp"

#include "actors/model/commit_notice.hpp"
#include "actors/model/consumer_report.hpp"
#include "db/session.hpp"

#include <memory>
#include <utility>

namespace reviews {

namespace {

using steady = std::chrono::steady_clock;

/// A stopped server keeps its connections open and says nothing: ask it something.
constexpr std::chrono::milliseconds silence_max{1'000};
/// Its answer costs the server nothing, so it is not waited for like a statement's.
constexpr std::chrono::milliseconds answer_max{1'500};
constexpr std::chrono::milliseconds goodbye_max{1'000};
constexpr std::chrono::microseconds second{1'000'000};

class pg_commit_listener final : public commit_listener {
public:
  explicit pg_commit_listener(database_params where) : where_(std::move(where)) {}
  ~pg_commit_listener() override { close(); }

  outcome<void> listen() override;
  outcome<std::vector<heard_notice>> wait(std::chrono::milliseconds at_most) override;

private:
  struct ears {
    pq::ear commits;
    pq::ear consumers;
  };

  void hear(heard_notice::topic about, const std::string& payload) {
    heard_.push_back({about, payload, now_utc()});
    answered_at_ = steady::now();
  }
  sql_result<void> ask_if_silent();
  failure lost(failure why);
  void close();

  database_params where_;
  std::unique_ptr<session> session_;
  std::unique_ptr<ears> ears_; // goes before the session
  std::vector<heard_notice> heard_;
  steady::time_point answered_at_{};
};

// Up to libpqxx 7.9 an ear's end asks the server to UNLISTEN; a silent one never answers.
void pg_commit_listener::close() {
  if (ears_)
    static_cast<void>(session_->call_within<void>(goodbye_max, [this](pq::connection&) -> sql_result<void> {
      ears_.reset();
      return {};
    }));
  session_.reset();
}

outcome<void> pg_commit_listener::listen() {
  close();
  auto opened = session::open(where_);
  if (!opened)
    return opened.error();
  session_ = std::move(*opened);
  auto listening = session_->call<void>([&](pq::connection& database) -> sql_result<void> {
    const auto on = [&](std::string_view channel, heard_notice::topic about) {
      return pq::ear(database, std::string(channel),
                     [this, about](const std::string& payload) { hear(about, payload); });
    };
    ears_.reset(new ears{on(commit_channel, heard_notice::topic::commit),
                         on(consumer_channel, heard_notice::topic::consumer)});
    pqxx::nontransaction(database).exec("select 1"); // a connection lost in LISTEN shows only now
    return {};
  });
  answered_at_ = steady::now();
  if (!listening) {
    close();
    return listening.error().what;
  }
  return {};
}

outcome<std::vector<heard_notice>> pg_commit_listener::wait(std::chrono::milliseconds at_most) {
  if (!ears_)
    return failure{ec::unavailable, "postgres: expected to listen, got no connection", {}};
  if (auto answered = ask_if_silent(); !answered)
    return lost(answered.error().what);
  auto waited = session_->call<void>([&](pq::connection& database) -> sql_result<void> {
    const auto micros = std::chrono::microseconds(at_most);
    database.await_notification(static_cast<long>(micros / second),
                                static_cast<long>((micros % second).count()));
    return {};
  });
  if (!waited)
    return lost(waited.error().what);
  return std::exchange(heard_, {});
}

sql_result<void> pg_commit_listener::ask_if_silent() {
  if (steady::now() - answered_at_ <= silence_max)
    return {};
  return session_->call_within<void>(answer_max, [&](pq::connection& database) -> sql_result<void> {
    pqxx::nontransaction(database).exec("select 1");
    answered_at_ = steady::now();
    return {};
  });
}

failure pg_commit_listener::lost(failure why) {
  close();
  heard_.clear();
  return why;
}

} // namespace

commit_listener_factory make_commit_listener_factory(database_params where) {
  return [where = std::move(where)] { return std::make_unique<pg_commit_listener>(where); };
}

} // namespace reviews
