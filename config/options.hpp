#pragma once

#include "config/domain.hpp"
#include "config/settings.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace reviews::config {

/// Whose configuration it is; the index of its type in `any_settings`.
enum class program : std::uint8_t { producer, consumer };

/// The settings of one of the programs.
using any_settings = std::variant<producer_settings, consumer_settings>;

/// `reviews-producer` or `reviews-consumer`.
std::string_view name_of(program of) noexcept;

/// Whose settings these are.
program program_of(const any_settings& settings) noexcept;

/// The settings that hold when nothing is set.
any_settings default_settings(program of);

/// When a changed value takes effect.
enum class effect : std::uint8_t {
  hot,  ///< On SIGHUP, while running.
  cold, ///< With the next start.
};

/// One key: what it means, which values it takes and which member it is.
struct option {
  std::string key; ///< `http.body-bytes-max`
  domain takes;
  effect when = effect::cold;
  std::string help; ///< A line without a full stop.
  std::array<bool, 2> of_program{};
  /// The member's value; only for settings of a program that has the key.
  std::function<value(const any_settings&)> get;
  /// Sets the member to a value of `takes`; likewise.
  std::function<void(any_settings&, const value&)> set;

  /// `http` of `http.port`; `kafka.producer` of itself.
  std::string_view table() const noexcept;
  /// `port` of `http.port`; empty for a table of entries.
  std::string_view name() const noexcept;
};

/// The one table of keys. A program's keys of one table stand together.
const std::vector<option>& options();

/// The keys of one program, in the order of the table.
std::vector<const option*> options_of(program of);

/// The program's option of this key, or null.
const option* find_option(program of, std::string_view key) noexcept;

/// `name` is a table above some of the program's keys: `http`, `kafka`.
bool is_table(program of, std::string_view name) noexcept;

/// Why `key` is not known, with what was probably meant:
/// `http.prot: expected a known key, did you mean port?`.
std::string unknown_key(program of, std::string_view key);

/// The default of a key as people read it: `64KiB`, `10s`, `none`.
std::string default_text(const option& what, program of);

/// `REVIEWS_HTTP_BODY_BYTES_MAX` of `http.body-bytes-max`.
std::string environment_name(std::string_view key);

} // namespace reviews::config
