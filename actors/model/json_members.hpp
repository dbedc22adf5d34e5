#pragma once

#include <boost/json/value.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

/// Reads what our own programs have written as JSON. What is missing or of
/// another type throws `std::invalid_argument`: catch it where the text came in.
namespace reviews::json_members {

inline const boost::json::value& member(const boost::json::value& of, std::string_view name) {
  const auto* object = of.if_object();
  const auto* found = object ? object->if_contains({name.data(), name.size()}) : nullptr;
  return found ? *found : throw std::invalid_argument(std::string(name));
}

inline std::string_view text(const boost::json::value& what) {
  const auto* found = what.if_string();
  return found ? std::string_view(found->data(), found->size()) : throw std::invalid_argument("text");
}

/// An integer; JSON writers tell signed from unsigned only where they must.
inline std::int64_t number(const boost::json::value& what) {
  const auto* found = what.if_int64();
  return found ? *found : throw std::invalid_argument("number");
}

inline const boost::json::array& list(const boost::json::value& what) {
  const auto* found = what.if_array();
  return found ? *found : throw std::invalid_argument("list");
}

inline std::string text(const boost::json::value& of, std::string_view name) {
  return std::string(text(member(of, name)));
}

inline std::int64_t number(const boost::json::value& of, std::string_view name) {
  return number(member(of, name));
}

} // namespace reviews::json_members
