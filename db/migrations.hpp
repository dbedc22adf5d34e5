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

/// Every migration this program carries, by version. Those of one hundred only
/// expand the schema: programs built before them keep working. One that takes
/// something away opens the next hundred.
std::span<const migration> migrations();

/// The newest version this program carries, which its statements need.
int schema_version_needed();

/// Whether a database with the `applied` versions serves this program: all of
/// its own are there and none is of a later hundred. Else `refused`.
outcome<void> check_versions(const std::vector<int>& applied);

/// Applies the versions that are missing, each in a transaction of its own under
/// an advisory lock: safe to repeat, and safe when several do it at once. A
/// statement may take twenty minutes, a wait for a lock ten. Returns the newest
/// version the database then has. Fails with `unavailable` (again later),
/// `refused` (rights) or `broken` (a statement failed; its transaction is undone).
outcome<int> migrate(const database_params& where);

} // namespace reviews
