#include "config/convert.hpp"
#include "config/quote.hpp"
#include "config/reading.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

namespace reviews::config {

namespace {

constexpr std::size_t file_bytes_max = 1 << 20;

written written_of(const toml::node& node) {
  if (const auto* text = node.as_string())
    return {text->get(), cite(text->get())};
  if (const auto* integer = node.as_integer())
    return {integer->get(), std::to_string(integer->get())};
  if (const auto* number = node.as_floating_point())
    return {number->get(), format_number(number->get())};
  if (const auto* flag = node.as_boolean())
    return {flag->get(), flag->get() ? "true" : "false"};
  if (node.is_table())
    return {std::monostate{}, "a table"};
  const auto* array = node.as_array();
  if (array == nullptr)
    return {std::monostate{}, "a date or time"};
  std::vector<std::string> items;
  std::string shown;
  for (const auto& item : *array) {
    if (!item.is_string())
      return {std::monostate{}, "a list that holds more than strings"};
    items.push_back(item.as_string()->get());
    shown += (shown.empty() ? "" : ", ") + cite(items.back());
  }
  return {std::move(items), "[" + shown + "]"};
}

/// Walks a parsed file, and notes what it finds together with its position.
class walker {
public:
  walker(program of, const std::string& path, reading& found) : of_(of), path_(path), found_(found) {}

  void walk(const std::string& table, const toml::table& members) {
    for (const auto& [name, node] : members) {
      const auto key = table.empty() ? std::string(name.str()) : table + "." + std::string(name.str());
      const auto at = name.source().begin;
      const bool dotted = name.str().find('.') != std::string_view::npos;
      if (const auto* what = dotted ? nullptr : find_option(of_, key))
        take(*what, node, at);
      else if (!dotted && is_table(of_, key))
        enter(key, node, at);
      else if (dotted)
        note(at, key, cite(key) + ": expected a name in its table, got a quoted one with a dot");
      else
        note(at, key, unknown_key(of_, key));
    }
  }

  /// The file's order, which the parsed tables have lost.
  void sort_mistakes() {
    std::stable_sort(mistakes_.begin(), mistakes_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [position, what] : mistakes_)
      found_.mistakes.push_back(std::move(what));
    mistakes_.clear();
  }

private:
  using position = std::pair<std::uint32_t, std::uint32_t>;

  std::string where(const toml::source_position& at) const {
    return path_ + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
  }

  void note(const toml::source_position& at, const std::string& key, const std::string& text) {
    mistakes_.push_back({{at.line, at.column}, {key, where(at) + ": " + text}});
  }

  void enter(const std::string& key, const toml::node& node, const toml::source_position& at) {
    if (const auto* members = node.as_table())
      walk(key, *members);
    else
      note(at, key, key + ": expected a table, got " + written_of(node).shown);
  }

  void take(const option& what, const toml::node& node, const toml::source_position& at) {
    if (what.takes.type == kind::entries) {
      if (const auto* members = node.as_table())
        return take_entries(what, "", *members, {});
      return note(at, what.key, what.key + ": expected a table, got " + written_of(node).shown);
    }
    auto converted = convert(what.takes, written_of(node));
    if (converted)
      found_.assignments.push_back({&what, "", *std::move(converted), {origin::file, where(at)}});
    else
      note(at, what.key, what.key + ": " + converted.error().detail);
  }

  /// `linger.ms = 5` without quotes is a table in TOML: it means the same here.
  void take_entries(const option& what, const std::string& prefix, const toml::table& members,
                    const toml::source_position& start) {
    for (const auto& [name, node] : members) {
      const auto entry = prefix + std::string(name.str());
      const auto here = name.source().begin;
      const auto at = here.line == start.line ? start : here;
      if (const auto* nested = node.as_table()) {
        take_entries(what, entry + ".", *nested, at);
        continue;
      }
      const auto key = what.key + "." + entry;
      auto converted = convert_entry(written_of(node));
      if (!is_entry_name(entry))
        note(at, key, what.key + ": expected a name of 1 to 128 of A-Z a-z 0-9 . _ -, got " + cite(entry));
      else if (!converted)
        note(at, key, key + ": " + converted.error().detail);
      else
        found_.assignments.push_back({&what, entry, *std::move(converted), {origin::file, where(at)}});
    }
  }

  program of_;
  const std::string& path_;
  reading& found_;
  std::vector<std::pair<position, mistake>> mistakes_;
};

/// The file's content, or why there is none.
outcome<std::string> content_of(const std::string& path) {
  std::string content(file_bytes_max + 1, '\0');
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file || !(file.read(content.data(), static_cast<std::streamsize>(content.size())) || file.eof()))
    return failure{ec::invalid, "expected a readable file, got " +
                                    (errno != 0 ? std::generic_category().message(errno) : "none")};
  content.resize(static_cast<std::size_t>(file.gcount()));
  if (content.size() > file_bytes_max)
    return failure{ec::invalid, "expected a file of up to 1 MiB, got a larger one"};
  return content;
}

} // namespace

reading read_file(program of, const std::string& path) {
  reading found;
  const auto content = content_of(path);
  if (!content) {
    found.mistakes.push_back({"", path + ": " + content.error().detail});
    return found;
  }
  try {
    const auto parsed = toml::parse(*content, path);
    walker walking(of, path, found);
    walking.walk("", parsed);
    walking.sort_mistakes();
  } catch (const toml::parse_error& wrong) {
    const auto at = wrong.source().begin;
    found.mistakes.push_back({"", path + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) +
                                      ": " + std::string(wrong.description())});
  }
  return found;
}

std::string quote(std::string_view text) {
  const toml::value<std::string> node{std::string(text)};
  std::ostringstream out;
  out << toml::toml_formatter(node, toml::format_flags::none);
  return out.str();
}

} // namespace reviews::config
