#pragma once

#include "http/problem.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace reviews {

/// Bounds of a request's head. RFC 9112, section 3, asks for request lines of
/// at least 8000 octets.
namespace head_limits {
inline constexpr std::size_t head_bytes_max = 16'384;  ///< Beyond: 431.
inline constexpr std::size_t target_bytes_max = 8'192; ///< Beyond: 414.
inline constexpr std::size_t fields_max = 100;         ///< Beyond: 431.
} // namespace head_limits

/// Why a head is refused. The connection is closed after the answer: where the
/// next request would begin is anyone's guess.
struct head_fault {
  problem_kind kind = problem_kind::bad_request;
  std::string detail; ///< `subject: expected X, got Y`; repeats nothing that was sent.
};

/// What a client expects of us before it sends the body (RFC 9110, section 10.1.1).
enum class expectation : std::uint8_t { none, go_on, unknown };

/// What a lawful head says about its own framing. Views into the head.
struct head_facts {
  std::string_view method;
  std::string_view path;  ///< Of either form of target; `*` for OPTIONS; at least `/`.
  std::string_view query; ///< Without the question mark.
  bool is_http_1_0 = false;
  bool is_chunked = false;
  std::optional<std::uint64_t> content_length;
  expectation expects = expectation::none;
};

/// Looks for the end of a head while it arrives.
class head_scanner {
public:
  /// @param bytes All that has arrived of this head, from its first byte on
  ///   (empty lines before it, RFC 9112, section 2.2, already removed).
  /// Returns the head's length with its empty line, 0 when it is incomplete, or
  /// why it will never be one: too long, or a line feed without its CR.
  std::variant<std::size_t, head_fault> scan(std::string_view bytes);

  /// Makes ready for the next head.
  void reset() noexcept { *this = head_scanner{}; }

private:
  std::size_t line_begin_ = 0;
  std::size_t searched_ = 0;
  std::size_t fields_ = 0;
};

/// Judges the raw bytes of a complete head by RFC 9112, strictly where the RFC
/// leaves a choice: what one party could read differently from another is
/// refused. Pure; looks at every byte once.
std::variant<head_facts, head_fault> check_head(std::string_view head);

} // namespace reviews
