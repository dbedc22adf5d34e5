#include "config/options.hpp"

#include "config/convert.hpp"
#include "config/text.hpp"

#include <algorithm>

namespace reviews::config {

namespace {

program other(program of) noexcept {
  return of == program::producer ? program::consumer : program::producer;
}

std::string_view table_of(std::string_view key) noexcept {
  const auto dot = key.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : key.substr(0, dot);
}

/// What the unknown key was probably meant to be: a name of the same table, else a whole key.
std::string suggestion(program of, std::string_view key) {
  const auto table = table_of(key);
  std::vector<std::string> names;
  std::vector<std::string> others;
  for (const auto* candidate : options_of(of)) {
    if (table.empty() && std::find(others.begin(), others.end(), candidate->table()) == others.end())
      others.emplace_back(candidate->table());
    if (!table.empty() && candidate->table() == table)
      names.emplace_back(candidate->name());
    others.push_back(candidate->key);
  }
  if (!table.empty())
    if (auto near = nearest(key.substr(table.size() + 1), names); !near.empty())
      return near;
  return nearest(key, others);
}

} // namespace

std::string_view name_of(program of) noexcept {
  return of == program::producer ? "reviews-producer" : "reviews-consumer";
}

program program_of(const any_settings& settings) noexcept {
  return static_cast<program>(settings.index());
}

any_settings default_settings(program of) {
  if (of == program::producer)
    return producer_settings{};
  return consumer_settings{};
}

std::string_view option::table() const noexcept {
  return takes.type == kind::entries ? std::string_view(key) : table_of(key);
}

std::string_view option::name() const noexcept {
  return takes.type == kind::entries ? std::string_view() : std::string_view(key).substr(table().size() + 1);
}

std::vector<const option*> options_of(program of) {
  std::vector<const option*> found;
  for (const auto& candidate : options())
    if (candidate.of_program[static_cast<std::size_t>(of)])
      found.push_back(&candidate);
  return found;
}

const option* find_option(program of, std::string_view key) noexcept {
  for (const auto& candidate : options())
    if (candidate.key == key && candidate.of_program[static_cast<std::size_t>(of)])
      return &candidate;
  return nullptr;
}

bool is_table(program of, std::string_view name) noexcept {
  return std::any_of(options().begin(), options().end(), [&](const option& candidate) {
    return candidate.of_program[static_cast<std::size_t>(of)] && candidate.takes.type != kind::entries &&
           candidate.table() == name;
  });
}

std::string unknown_key(program of, std::string_view key) {
  const auto cited = cite(key);
  auto text = cited.substr(1, cited.size() - 2) + ": expected a known key of " + std::string(name_of(of));
  if (find_option(other(of), key) != nullptr || is_table(other(of), key))
    return text + ", got one of " + std::string(name_of(other(of)));
  if (const auto near = suggestion(of, key); !near.empty())
    return text + ", did you mean " + near + "?";
  return text;
}

std::string environment_name(std::string_view key) {
  std::string name = "REVIEWS_";
  for (const char c : key)
    name += c == '.' || c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return name;
}

std::string default_text(const option& what, program of) {
  const auto standard = what.get(default_settings(of));
  if (const auto* integer = std::get_if<std::int64_t>(&standard)) {
    if (what.takes.type == kind::duration)
      return format_duration(*integer);
    return what.takes.type == kind::bytes ? format_bytes(*integer) : std::to_string(*integer);
  }
  if (const auto* number = std::get_if<double>(&standard))
    return format_number(*number);
  const auto* text = std::get_if<std::string>(&standard);
  return text == nullptr || text->empty() ? "none" : *text;
}

} // namespace reviews::config
