#pragma once

#include "actors/model/failure.hpp"
#include "http/client.hpp"

#include <chrono>
#include <string_view>

namespace reviews {

/// The status that a server answers to a GET of `target`, such as `/readyz`, over a connection of its own.
/// Fails with `unavailable` when no answer is there within `timeout`; resolving a host's name is not counted.
outcome<int> get_status(const http_origin& where, std::string_view target, std::chrono::milliseconds timeout);

} // namespace reviews
