#pragma once

#include "actors/model/failure.hpp"

#include <caf/error.hpp>

#include <exception>

/// The one bridge between our failures and CAF's errors.
namespace reviews {

/// The error that carries `what` to whoever asked.
caf::error to_error(const failure& what);

/// Reads an error of ours back. CAF's own become `broken` (the actor ended,
/// was not there, did not answer): what it was asked is done or not.
failure to_failure(const caf::error& what);

/// Logs what a handler of `actor` threw, a mistake of ours, and makes it the
/// error that the actor ends with.
caf::error error_of_exception(const char* actor, const std::exception_ptr& thrown);

/// From now on `self` ends with `broken` and a log line when a handler throws.
template <class Self>
void end_on_exception(Self* self) {
  self->set_exception_handler(
      [name = self->name()](std::exception_ptr& thrown) { return error_of_exception(name, thrown); });
}

} // namespace reviews
