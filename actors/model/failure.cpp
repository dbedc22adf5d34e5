#include "actors/model/failure.hpp"

namespace reviews {

std::string_view to_string(ec code) noexcept {
  switch (code) {
  case ec::overloaded: return "overloaded";
  case ec::unavailable: return "unavailable";
  case ec::outcome_unknown: return "outcome_unknown";
  case ec::shutting_down: return "shutting_down";
  case ec::invalid: return "invalid";
  case ec::poisoned: return "poisoned";
  case ec::fenced: return "fenced";
  case ec::refused: return "refused";
  case ec::offset_gone: return "offset_gone";
  case ec::broken: return "broken";
  case ec::stuck: return "stuck";
  }
  return "unknown";
}

} // namespace reviews
