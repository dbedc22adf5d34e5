#include "config/convert.hpp"
#include "config/reading.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace reviews::config {

namespace {

constexpr std::string_view prefix = "REVIEWS_";

bool starts_with(std::string_view text, std::string_view start) noexcept {
  return text.substr(0, start.size()) == start;
}

/// What a variable sets: a key, or an entry of a table.
struct target {
  const option* what = nullptr;
  std::string entry;
};

/// `linger.ms` of `LINGER_MS`.
std::string entry_name(std::string_view variable) {
  std::string name(variable);
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c == '_' ? '.' : static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  return name;
}

target target_of(program of, std::string_view variable) {
  for (const auto* candidate : options_of(of)) {
    const auto name = environment_name(candidate->key);
    if (candidate->takes.type != kind::entries && variable == name)
      return {candidate, ""};
    if (candidate->takes.type == kind::entries && starts_with(variable, name + "_") &&
        is_entry_name(entry_name(variable.substr(name.size() + 1))))
      return {candidate, entry_name(variable.substr(name.size() + 1))};
  }
  return {};
}

} // namespace

reading read_environment(program of, const environment& variables) {
  reading found;
  for (const auto& [name, text] : variables) {
    if (!starts_with(name, prefix))
      continue;
    const auto [what, entry] = target_of(of, name);
    if (what == nullptr) {
      const auto other = of == program::producer ? program::consumer : program::producer;
      if (target_of(other, name).what == nullptr)
        found.warnings.push_back("environment " + name + ": expected the name of a key, ignored");
      continue;
    }
    auto converted = entry.empty() ? convert_text(what->takes, text) : convert_entry({text, ""});
    assignment made{what, entry, {}, {origin::environment, "environment " + name}};
    if (converted) {
      made.to = *std::move(converted);
      found.assignments.push_back(std::move(made));
    } else {
      found.mistakes.push_back({made.key(), "environment " + name + ": " + converted.error().detail});
    }
  }
  return found;
}

} // namespace reviews::config
