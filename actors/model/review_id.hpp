#pragma once

#include "actors/model/timestamp.hpp"

#include <boost/uuid/uuid.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace reviews {

using review_id = boost::uuids::uuid;

/// A fresh UUIDv7 (RFC 9562, section 5.7) for `when`, its 12 bits `rand_a` the
/// part of the millisecond (section 6.2, method 3). Ids made by one thread
/// increase strictly, even while `when` does not. Thread-safe. Throws
/// std::system_error when the operating system has no randomness.
review_id make_review_id(timestamp when);

/// The id behind an `Idempotency-Key`: UUIDv5 in the namespace
/// b1f5a9de-52c4-5f6e-9b0b-3d8f0c1a7e42 of vendor, U+001F and key.
review_id review_id_of_key(std::string_view vendor_id, std::string_view key);

/// Reads the 8-4-4-4-12 form, either case. Nothing when malformed.
std::optional<review_id> parse_review_id(std::string_view text) noexcept;

/// The 8-4-4-4-12 form in lower case. Call it qualified (`reviews::to_string`)
/// where <boost/uuid/uuid_io.hpp> is included: Boost has one too.
std::string to_string(const review_id& id);

/// Appends `to_string(id)` to `out` without another allocation.
void append_to(std::string& out, const review_id& id);

} // namespace reviews
