#pragma once

#include <boost/asio/io_context.hpp>

#include <caf/actor_system_config.hpp>

namespace reviews {

/// Makes the actors of a system run on `loop`'s threads, together with the
/// HTTP sessions: a message between the two then wakes no other thread.
///
/// CAF's own scheduler lets idle workers poll; this one costs nothing while
/// nobody has work. Detached actors keep threads of their own. `loop` must run
/// for as long as the system lives, and outlive it.
void run_actors_on(boost::asio::io_context& loop, caf::actor_system_config& cfg);

} // namespace reviews
