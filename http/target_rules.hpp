#pragma once

#include "http/head_rules.hpp"

#include <optional>
#include <string_view>

namespace reviews {

/// Splits a request's target into `facts.path` and `facts.query`. Takes the
/// origin form, the absolute form of `http` and `https`, and `*` for OPTIONS
/// (RFC 9112, section 3.2); `facts.method` must be set. Every character must be
/// one of RFC 3986, every `%` begin a `%XX`. CONNECT's authority is not split.
std::optional<head_fault> split_target(std::string_view target, head_facts& facts);

/// Whether `text` is a `uri-host [":" port]` (RFC 9110, section 7.2) with a
/// host: a name, an IPv4 address, or a bracketed IPv6 address; port 0..65535.
bool is_host(std::string_view text) noexcept;

} // namespace reviews
