#pragma once

#include "config/options.hpp"

#include <chrono>
#include <concepts>
#include <map>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

// How a row of the table of options is bound to a member of the settings.
namespace reviews::config {

/// The settings that have a key.
template <class... Settings>
struct in {
  template <class S>
  static constexpr bool has = (std::same_as<Settings, S> || ...);
};

template <class T>
inline constexpr bool is_duration = false;
template <class Rep, class Period>
inline constexpr bool is_duration<std::chrono::duration<Rep, Period>> = true;

/// A member as a value; `choices` in the order of its enumeration.
template <class Member>
value load_member(const Member& member, const std::vector<std::string>& choices) {
  if constexpr (std::is_enum_v<Member>)
    return choices.at(static_cast<std::size_t>(member));
  else if constexpr (is_duration<Member>)
    return std::int64_t{std::chrono::duration_cast<std::chrono::milliseconds>(member).count()};
  else if constexpr (std::integral<Member>)
    return static_cast<std::int64_t>(member);
  else
    return member;
}

/// Sets a member to a value that lies within its option's domain.
template <class Member>
void store_member(Member& member, const value& from, const std::vector<std::string>& choices) {
  if constexpr (std::is_enum_v<Member>) {
    for (std::size_t i = 0; i < choices.size(); ++i)
      if (choices[i] == std::get<std::string>(from))
        member = static_cast<Member>(i);
  } else if constexpr (is_duration<Member>) {
    member = std::chrono::duration_cast<Member>(std::chrono::milliseconds(std::get<std::int64_t>(from)));
  } else if constexpr (std::integral<Member>) {
    member = static_cast<Member>(std::get<std::int64_t>(from));
  } else {
    member = std::get<Member>(from);
  }
}

/// A row of the table: `access` returns the member of the settings in `Settings`.
template <class... Settings, class Access>
option row(in<Settings...>, std::string key, domain takes, effect when, std::string help, Access access) {
  using first = std::tuple_element_t<0, std::tuple<Settings...>>;
  using member = std::remove_cvref_t<std::invoke_result_t<Access, first&>>;
  if constexpr (std::same_as<member, std::chrono::seconds>)
    takes.step = 1'000;

  option made{std::move(key), std::move(takes), when, std::move(help), {}, {}, {}};
  made.of_program = {in<Settings...>::template has<producer_settings>,
                     in<Settings...>::template has<consumer_settings>};
  made.get = [access, choices = made.takes.choices](const any_settings& from) {
    return std::visit(
        [&]<class S>(const S& settings) -> value {
          if constexpr (in<Settings...>::template has<S>)
            return load_member(access(settings), choices);
          else
            throw std::bad_variant_access();
        },
        from);
  };
  made.set = [access, choices = made.takes.choices](any_settings& to, const value& what) {
    std::visit(
        [&]<class S>(S& settings) {
          if constexpr (in<Settings...>::template has<S>)
            store_member(access(settings), what, choices);
          else
            throw std::bad_variant_access();
        },
        to);
  };
  return made;
}

} // namespace reviews::config
