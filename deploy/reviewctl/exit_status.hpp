#pragma once

/// What reviewctl's exit statuses mean (sysexits.h).
namespace reviews::ctl::exit_status {

inline constexpr int ok = 0;
inline constexpr int found = 1;        ///< Something was found, or not all was done.
inline constexpr int usage = 64;       ///< A command line that makes no sense.
inline constexpr int unavailable = 69; ///< A server is out of reach or refuses.
inline constexpr int software = 70;    ///< A mistake of ours.
inline constexpr int config = 78;      ///< A setting that no server takes.

} // namespace reviews::ctl::exit_status
