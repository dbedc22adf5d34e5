#pragma once

#include "actors/model/failure.hpp"
#include "db/params.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace reviews {

/// One step of the schema, `db/schema/NNN_name.sql`, embedded at build time.
struct migration {
  int version = 0; ///< NNN, from 1.
  std::string_view name;
  std::string_view sql;
};

/// Every migration this program carries, by version. A program works with all
/// versions of its own hundred and of the next: a migration takes away only what
/// programs of the hundred before its own no longer use, and says so in its first
/// line (`db/README.md`).
std::span<const migration> migrations();

/// The newest version this program carries, which its statements need.
int schema_version_needed();

/// Whether a database with the `applied` versions serves this program: all of
/// its own are there and none is later than the next hundred. Else `refused`.
outcome<void> check_versions(const std::vector<int>& applied);

/// Applies the versions that are missing, each in a transaction of its own under
/// an advisory lock: safe to repeat, and safe when several do it at once, ten
/// minutes after each other at most. A statement may take twenty minutes, but waits
/// for a table only one second, because everybody else who wants that table waits
/// behind it. Returns the newest version the database then has. Fails with
/// `unavailable` (again later), `refused` (rights) or `broken` (a statement failed;
/// its transaction is undone).
outcome<int> migrate(const database_params& where);

} // namespace reviews
