#pragma once

#include <string_view>

namespace reviews {

/// True when `text`, an error of a TLS library's client, says that one side does
/// not accept the other's certificate: OpenSSL's words for its own verdict and
/// for the alerts of RFC 8446, section 6.2. Waiting mends none of them.
bool names_a_rejected_certificate(std::string_view text) noexcept;

} // namespace reviews
