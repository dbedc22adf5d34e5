#include "deploy/reviewctl/dead_letter_text.hpp"

#include "actors/model/utf8.hpp"
#include "deploy/reviewctl/dead_letter_filter.hpp"
#include "deploy/reviewctl/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace reviews::ctl {

namespace json = boost::json;

namespace {

std::string hex_of(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char each : bytes) {
    text += digits[each >> 4];
    text += digits[each & 15];
  }
  return text;
}

bool is_utf8(std::string_view bytes) {
  return utf8::well_formed_prefix(bytes) == bytes.size();
}

bool is_printable(std::string_view bytes) {
  return is_utf8(bytes) && std::none_of(bytes.begin(), bytes.end(), [](unsigned char each) {
           return (each < 0x20 && each != '\t' && each != '\n') || each == 0x7f;
         });
}

/// `bytes` cut at `bytes_max`, not within a character.
std::string_view cut(std::string_view bytes, std::size_t bytes_max) {
  if (bytes.size() <= bytes_max)
    return bytes;
  const auto head = bytes.substr(0, bytes_max);
  const auto whole = utf8::well_formed_prefix(head);
  return head.size() - whole < 4 ? head.substr(0, whole) : head;
}

std::size_t bytes_of(const std::optional<std::string>& content) {
  return content ? content->size() : 0;
}

std::string line(std::string_view name, std::string_view value) {
  return padded(name, 12) + std::string(value) + "\n";
}

/// A name or header value on one line.
std::string on_one_line(const std::optional<std::string>& value) {
  if (!value)
    return "(null)";
  return value->find('\n') == std::string::npos ? shown(*value) : "hex:" + hex_of(*value);
}

void add_content(json::object& to, const std::string& name, const std::optional<std::string>& content,
                 std::size_t bytes_max) {
  if (!content) {
    to[name] = nullptr;
    return;
  }
  const auto part = cut(*content, bytes_max);
  if (is_utf8(part))
    to[name] = part;
  else
    to[name + "_hex"] = hex_of(part);
}

json::object fields_of(const dead_letter& letter, std::string_view state) {
  return {{"id", to_text(letter.id)},
          {"written_at", format_rfc3339(letter.written_at)},
          {"topic", utf8::replace_ill_formed(letter.topic)},
          {"partition", letter.origin.partition},
          {"offset", letter.origin.offset},
          {"reason", utf8::replace_ill_formed(letter.reason)},
          {"stage", utf8::replace_ill_formed(letter.stage)},
          {"message", utf8::replace_ill_formed(letter.message)},
          {"attempts", letter.attempts},
          {"vendor_id", vendor_of(letter)},
          {"value_bytes", letter.dropped_value_bytes.value_or(bytes_of(letter.what.value))},
          {"state", state}};
}

} // namespace

std::string shown(std::string_view text) {
  return is_printable(text) ? std::string(text) : "hex:" + hex_of(text);
}

std::string table_heading() {
  return padded("id", 12) + padded("written_at", 29) + padded("origin", 12) + padded("reason", 14) +
         padded("stage", 10) + padded("attempts", 10) + padded("state", 10) + padded("bytes", 9) + "vendor\n";
}

std::string table_row(const dead_letter& letter, std::string_view state) {
  const auto bytes = letter.dropped_value_bytes.value_or(bytes_of(letter.what.value));
  return padded(to_text(letter.id), 12) + padded(format_rfc3339(letter.written_at), 29) +
         padded(to_text(letter.origin), 12) + padded(on_one_line(letter.reason), 14) +
         padded(on_one_line(letter.stage), 10) + padded(std::to_string(letter.attempts), 10) +
         padded(state, 10) + padded(std::to_string(bytes), 9) + vendor_of(letter) + "\n";
}

std::string to_json_line(const dead_letter& letter, std::string_view state) {
  return json::serialize(fields_of(letter, state));
}

std::string full_text(const dead_letter& letter, std::string_view state, std::size_t bytes_max) {
  auto text = line("id", to_text(letter.id)) + line("written_at", format_rfc3339(letter.written_at)) +
              line("origin", on_one_line(letter.topic) + " " + to_text(letter.origin)) +
              line("reason", on_one_line(letter.reason)) + line("stage", on_one_line(letter.stage)) +
              line("message", on_one_line(letter.message)) +
              line("attempts", std::to_string(letter.attempts)) + line("state", state) +
              line("key", on_one_line(letter.what.key)) + "headers\n";
  for (const auto& [name, value] : letter.what.headers)
    text += "  " + padded(on_one_line(name), 42) + on_one_line(value) + "\n";
  if (letter.dropped_value_bytes)
    return text + line("value", "dropped, " + std::to_string(*letter.dropped_value_bytes) +
                                    " bytes: too large; it stands at the origin");
  if (!letter.what.value)
    return text + line("value", "(null)");
  const auto part = cut(*letter.what.value, bytes_max);
  text += line("value", std::to_string(letter.what.value->size()) + " bytes" +
                            (part.size() < letter.what.value->size()
                                 ? ", the first " + std::to_string(part.size()) + " (--bytes)"
                                 : ""));
  return text + shown(part) + "\n";
}

std::string full_json(const dead_letter& letter, std::string_view state, std::size_t bytes_max) {
  auto fields = fields_of(letter, state);
  add_content(fields, "key", letter.what.key, bytes_max);
  json::array headers;
  for (const auto& [name, value] : letter.what.headers) {
    json::object header{{"name", utf8::replace_ill_formed(name)}};
    add_content(header, "value", value, bytes_max);
    headers.push_back(std::move(header));
  }
  fields["headers"] = std::move(headers);
  add_content(fields, "value", letter.what.value, bytes_max);
  return json::serialize(fields);
}

} // namespace reviews::ctl
