#include "config/reload.hpp"

#include "config/checks.hpp"
#include "config/print.hpp"

#include <memory>
#include <utility>

namespace reviews {

namespace {

using namespace config;

/// The option's values and their sources, from one configuration to another.
void copy(const option& what, const any_settings& from, const sources& from_sources, any_settings& to,
          sources& to_sources) {
  what.set(to, what.get(from));
  if (auto found = from_sources.find(what.key); found != from_sources.end())
    to_sources[what.key] = found->second;
  else
    to_sources.erase(what.key);
}

template <class Settings>
reload_result<Settings> take_over_hot(const load_result<Settings>& running, load_result<Settings> read) {
  if (!read.settings)
    return {std::move(read), {}};
  reload_result<Settings> result;
  result.changes = diff(*running.settings, *read.settings);
  any_settings merged = *running.settings;
  auto from = *running.from;
  for (const auto* what : options_of(program_of(merged)))
    if (what->when == effect::hot)
      copy(*what, *read.settings, *read.from, merged, from);
  for (const auto& wrong : check_together(merged, from, {}))
    result.in_force.text += wrong.text + "; some of these keys need a restart\n";
  if (!result.in_force.text.empty())
    return result;
  result.in_force.warnings = std::move(read.warnings);
  result.in_force.effective_toml = print_toml(merged, &from);
  result.in_force.from = std::make_shared<const sources>(std::move(from));
  result.in_force.settings = std::get<Settings>(std::move(merged));
  return result;
}

} // namespace

reload_result<producer_settings> take_over(const load_result<producer_settings>& running,
                                           load_result<producer_settings> read) {
  return take_over_hot(running, std::move(read));
}

reload_result<consumer_settings> take_over(const load_result<consumer_settings>& running,
                                           load_result<consumer_settings> read) {
  return take_over_hot(running, std::move(read));
}

} // namespace reviews
