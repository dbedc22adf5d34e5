#pragma once

#include "actors/model/failure.hpp"

#include <caf/error.hpp>

/// The one bridge between our failures and CAF's errors.
namespace reviews {

/// The error that carries `what` to whoever asked.
caf::error to_error(const failure& what);

/// Reads an error of ours back. CAF's own become `broken` (the actor ended,
/// was not there, did not answer): what it was asked is done or not.
failure to_failure(const caf::error& what);

} // namespace reviews
