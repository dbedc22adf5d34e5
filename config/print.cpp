#include "config/print.hpp"

#include "config/convert.hpp"
#include "config/masks.hpp"
#include "config/quote.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace reviews::config {

namespace {

/// Each number as TOML has it; decimal numbers keep their point.
std::string number_toml(double number) {
  auto text = format_number(number);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

/// An entry reads back as the same text: integers and booleans stand without quotes.
std::string entry_toml(const std::string& text) {
  const auto digits = text.substr(!text.empty() && text.front() == '-' ? 1 : 0);
  const bool integer = !digits.empty() && digits.size() <= 18 &&
                       digits.find_first_not_of("0123456789") == std::string::npos &&
                       (digits == text ? digits == "0" || digits.front() != '0' : digits.front() != '0');
  return integer || text == "true" || text == "false" ? text : quote(text);
}

std::string value_toml(const option& what, const value& v) {
  if (const auto* integer = std::get_if<std::int64_t>(&v))
    return what.takes.type == kind::duration ? quote(format_duration(*integer)) : std::to_string(*integer);
  if (const auto* number = std::get_if<double>(&v))
    return number_toml(*number);
  if (const auto* text = std::get_if<std::string>(&v))
    return quote(*text);
  std::string items;
  for (const auto& item : std::get<std::vector<std::string>>(v))
    items += (items.empty() ? "" : ", ") + quote(item);
  return "[" + items + "]";
}

/// ` # environment REVIEWS_HTTP_PORT`; nothing when sources are not asked for.
std::string source_comment(const sources* from, const std::string& key) {
  if (from == nullptr)
    return {};
  const auto found = from->find(key);
  if (found == from->end())
    return " # default";
  auto text = (found->second.from == origin::file ? "file " : "") + found->second.where;
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7F; },
      '?');
  return " # " + text;
}

/// What kind of value it is, in a word, for the comment.
std::string kind_text(const domain& of) {
  switch (of.type) {
  case kind::count: return "Integer, ";
  case kind::bytes: return "Bytes, ";
  case kind::duration: return of.step > 1 ? "Whole seconds, " : "Time, ";
  case kind::number: return "Number, ";
  case kind::text: return "Text, ";
  case kind::choice: return "One of ";
  case kind::list: return "List, ";
  case kind::entries: return "Table, ";
  }
  return {};
}

std::string key_comment(const option& what, program of) {
  const bool table = what.takes.type == kind::entries;
  return "# " + what.help + ".\n# " + kind_text(what.takes) + range_text(what.takes) +
         (table ? "" : "; default " + default_text(what, of)) + ". " +
         (what.when == effect::hot ? "[hot]\n" : "[restart]\n");
}

std::string header(program of) {
  return "# Configuration of " + std::string(name_of(of)) +
         ".\n"
         "#\n"
         "# Order: command line (--log.level debug), environment (REVIEWS_LOG_LEVEL), this file, default.\n"
         "# A variable's name is REVIEWS_ and the key in capitals, with _ for . and -.\n"
         "# Times are text: \"250ms\", \"10s\", \"5m\", \"1h\". Sizes are bytes, or text: \"64KiB\", "
         "\"4MiB\".\n"
         "# SIGHUP reads the file again and changes the keys marked [hot] while running; those marked\n"
         "# [restart] wait for the next start. An unknown key is an error; --check-config names them all.\n";
}

} // namespace

std::string print_toml(const any_settings& settings, const sources* from) {
  const auto of = program_of(settings);
  auto out = header(of);
  std::string_view table;
  for (const auto* what : options_of(of)) {
    if (what->table() != table) {
      table = what->table();
      out.append("\n[").append(table).append("]\n");
    } else {
      out += "\n";
    }
    out += key_comment(*what, of);
    const auto shown = masked(*what, what->get(settings));
    if (const auto* entries = std::get_if<std::map<std::string, std::string>>(&shown)) {
      for (const auto& [name, text] : *entries)
        out += quote(name) + " = " + entry_toml(text) + source_comment(from, what->key + "." + name) + "\n";
      continue;
    }
    out.append(what->name()).append(" = ").append(value_toml(*what, shown));
    out += source_comment(from, what->key) + "\n";
  }
  return out;
}

} // namespace reviews::config
