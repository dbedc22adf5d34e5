#pragma once

#include "actors/ports/commit_listener.hpp"
#include "db/params.hpp"

namespace reviews {

/// Builds listeners that use `LISTEN`, each on a session of its own: a proxy that
/// pools transactions, or a standby, must not stand between. A server that falls
/// silent is noticed: after 1 s without a notice it is asked, and has 1.5 s to answer.
commit_listener_factory make_commit_listener_factory(database_params where);

} // namespace reviews
