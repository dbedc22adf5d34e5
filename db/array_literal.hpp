#pragma once

#include <string>

namespace reviews {

/// `{a,b,…}`, as Postgres reads an array. `append(text, element)` writes one, which
/// holds nothing that would need quotes: numbers and ids.
template <class Elements, class Append>
std::string array_literal(const Elements& elements, Append append) {
  std::string text("{");
  for (const auto& each : elements) {
    text.append(text.size() == 1 ? "" : ",");
    append(text, each);
  }
  return text.append("}");
}

} // namespace reviews
