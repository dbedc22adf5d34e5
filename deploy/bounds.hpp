#pragma once

#include "config/settings.hpp"

#include <prometheus/registry.h>

namespace reviews {

/// Shows the settings that bound something as gauges, beside the gauges of what
/// is used of them (`reviews_in_flight` and `reviews_in_flight_max`). Call it
/// again with other settings after a reload.
void show_bounds(prometheus::Registry& registry, const producer_settings& settings);
void show_bounds(prometheus::Registry& registry, const consumer_settings& settings);

} // namespace reviews
