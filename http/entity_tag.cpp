#include "http/entity_tag.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <new>

namespace reviews {

namespace {

constexpr std::size_t tag_bytes = 12; // of SHA-256: no two versions of a file will ever meet

std::string_view opaque_part(std::string_view tag) noexcept {
  return tag.starts_with("W/") ? tag.substr(2) : tag;
}

} // namespace

std::string make_entity_tag(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw std::bad_alloc();
  constexpr std::string_view digits = "0123456789abcdef";
  std::string tag = "\"";
  for (std::size_t i = 0; i < tag_bytes; ++i)
    tag.append(1, digits[digest[i] >> 4]).append(1, digits[digest[i] & 15]);
  return tag + '"';
}

bool names_entity_tag(std::string_view if_none_match, std::string_view tag) noexcept {
  auto rest = if_none_match;
  const auto skip = [&rest] { rest.remove_prefix(std::min(rest.find_first_not_of(" \t,"), rest.size())); };
  for (skip(); !rest.empty(); skip()) {
    if (rest.front() == '*')
      return true;
    const auto open = rest.find('"');
    const auto close = open == rest.npos ? open : rest.find('"', open + 1);
    if (close == rest.npos)
      return false;
    if (opaque_part(rest.substr(0, close + 1)) == opaque_part(tag))
      return true;
    rest.remove_prefix(close + 1);
  }
  return false;
}

bool names_entity_tag(const http_request& request, std::string_view tag) noexcept {
  return std::ranges::any_of(request.fields, [&](const header_field& field) {
    return equal_ignoring_case(field.name, "If-None-Match") && names_entity_tag(field.value, tag);
  });
}

void finish_cacheable(const http_request& request, http_response& out, std::string_view cache_control) {
  const auto tag = make_entity_tag(out.body);
  out.add_header("ETag", tag);
  out.add_header("Cache-Control", cache_control);
  if (!names_entity_tag(request, tag))
    return;
  out.status = 304;
  out.content_type = {};
  out.body.clear();
}

} // namespace reviews
