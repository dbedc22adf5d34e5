#pragma once

#include "config/options.hpp"

#include <string>
#include <string_view>

namespace reviews::config {

/// What stands in a secret's place.
inline constexpr std::string_view mask = "***";

/// A libpq connection string, URI or keywords, without its passwords. What
/// cannot be understood is masked as a whole.
std::string mask_url(std::string_view url);

/// The librdkafka setting of this name may hold a secret: passwords, private
/// keys, OAUTHBEARER and JAAS configuration.
bool is_secret_entry(std::string_view name);

/// The value as it may be shown.
value masked(const option& what, const value& v);

} // namespace reviews::config
