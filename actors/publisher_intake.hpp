#pragma once

#include "actors/actor_address.hpp"
#include "actors/ask.hpp"
#include "actors/interfaces.hpp"
#include "actors/ports/review_intake.hpp"

#include <memory>
#include <vector>

namespace reviews {

/// Spreads records over a pool of publishers by their key, so that a key's
/// order is kept, and puts the answers together again.
std::unique_ptr<review_intake> make_publisher_intake(front_desk_ptr desk,
                                                     std::vector<address_ptr<publisher_actor>> publishers);

} // namespace reviews
