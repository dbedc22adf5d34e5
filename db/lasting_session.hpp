#pragma once

#include "db/session.hpp"

#include <cstdint>
#include <memory>
#include <utility>

namespace reviews {

/// A session made at first use and again after a failure. Blocking; one owner.
class lasting_session {
public:
  explicit lasting_session(database_params where) : where_(std::move(where)) {}

  bool is_open() const noexcept { return session_ != nullptr; }

  /// How many were opened so far: what is prepared holds for one of them.
  std::uint64_t number() const noexcept { return number_; }

  /// As `session::call`, within the session that is open or a new one. One that
  /// failed is not used again; a poisoned row is not its fault.
  template <class T, class Work>
  sql_result<T> call(Work&& work) {
    if (!session_) {
      auto opened = session::open(where_);
      if (!opened)
        return sql_error{opened.error(), false};
      session_ = std::move(*opened);
      ++number_;
    }
    auto result = session_->call<T>(std::forward<Work>(work));
    if (!result && result.error().what.code != ec::poisoned)
      session_.reset();
    return result;
  }

private:
  const database_params where_;
  std::unique_ptr<session> session_;
  std::uint64_t number_ = 0;
};

} // namespace reviews
