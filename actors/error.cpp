#include "actors/error.hpp"

#include "actors/model/log.hpp"

#include <caf/atom.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>

#include <cstdint>
#include <string>

namespace reviews {

namespace {

constexpr auto category = caf::atom("reviews");

} // namespace

caf::error to_error(const failure& what) {
  return {static_cast<std::uint8_t>(what.code), category,
          caf::make_message(what.detail, static_cast<std::int64_t>(what.retry_after.count()),
                            what.is_server_there)};
}

failure to_failure(const caf::error& what) {
  if (what.category() == category) {
    failure result{static_cast<ec>(what.code()), {}, {}};
    if (what.context().match_elements<std::string, std::int64_t, bool>()) {
      result.detail = what.context().get_as<std::string>(0);
      result.retry_after = std::chrono::seconds(what.context().get_as<std::int64_t>(1));
      result.is_server_there = what.context().get_as<bool>(2);
    }
    return result;
  }
  if (what == caf::sec::request_timeout)
    return {ec::outcome_unknown, "actor: expected an answer in time, got none", {}};
  return {ec::broken, "actor: expected an answer, got its end", {}};
}

caf::error error_of_exception(const char* actor, const std::exception_ptr& thrown) {
  std::string what = "unknown exception";
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& known) {
    what = known.what();
  } catch (...) { // keeps its name
  }
  log::error("actor_failed", {{"actor", actor}, {"reason", what}});
  return to_error({ec::broken, std::string(actor) + ": expected no exception, got " + what, {}});
}

} // namespace reviews
