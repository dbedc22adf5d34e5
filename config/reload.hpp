#pragma once

#include "config/load.hpp"

#include <string>
#include <vector>

namespace reviews {

/// What becomes of a running configuration when it is read again.
template <class Settings>
struct reload_result {
  /// What holds from now on: the hot keys as read, the cold ones as they run,
  /// each with its source. Without settings, `text` tells every mistake, one a
  /// line, and all stays as it is.
  load_result<Settings> in_force;
  /// The keys that read otherwise than they run; those that are not hot are not in force.
  std::vector<setting_change> changes;
};

/// Takes the hot keys of `read` over into `running`. What goes together in the
/// file may not go together with what needs a restart: that is a mistake, too.
/// @pre `running` has settings.
reload_result<producer_settings> take_over(const load_result<producer_settings>& running,
                                           load_result<producer_settings> read);

/// As above.
reload_result<consumer_settings> take_over(const load_result<consumer_settings>& running,
                                           load_result<consumer_settings> read);

} // namespace reviews
