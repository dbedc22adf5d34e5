#include "actors/model/review_json.hpp"

#include "actors/model/json_text.hpp"
#include "actors/model/review_rules.hpp"

#include <simdjson.h>

#include <limits>
#include <new>
#include <utility>

namespace reviews {

namespace {

namespace dom = simdjson::dom;

constexpr std::size_t levels_max = 1024;
/// The parser counts levels its own way, so it gets room and we count.
constexpr std::size_t parser_levels_max = levels_max + 8;
constexpr std::size_t first_capacity = 4096;

json_value value_of(dom::element element) noexcept {
  std::string_view text;
  if (element.get_string().get(text) == simdjson::SUCCESS) // most are
    return {json_kind::string, 0, text};
  switch (element.type()) {
  case dom::element_type::NULL_VALUE: return {json_kind::null};
  case dom::element_type::BOOL: return {json_kind::boolean};
  case dom::element_type::INT64: return {json_kind::integer, element.get_int64().value_unsafe()};
  case dom::element_type::UINT64: return {json_kind::integer, std::numeric_limits<std::int64_t>::max()};
  case dom::element_type::ARRAY: return {json_kind::array};
  case dom::element_type::OBJECT: return {json_kind::object};
  default: return {json_kind::number};
  }
}

/// Either verdict's variant as a wider one.
template <class Wide, class Narrow>
Wide widened(Narrow& what) {
  return std::visit([](auto& each) -> Wide { return std::move(each); }, what);
}

} // namespace

class review_decoder::impl {
public:
  impl() { throw_on(parser_.allocate(first_capacity, parser_levels_max)); }

  /// Judges the whole text, then its members. What is wrong; nothing when all is well.
  std::optional<std::variant<not_json, not_a_review>> check(std::string_view json, review_form form) {
    std::string_view judged = json;
    dom::element top;
    auto error = parse(judged).get(top);
    if (error) {
      throw_on(error);
      // The parser's limits are narrower than the grammar.
      tamed_.assign(json);
      if (json_text::tame(tamed_)) {
        judged = tamed_;
        error = parse(judged).get(top);
      }
    }
    if (error) {
      throw_on(error);
      return not_json{json_text::explain(judged, levels_max)};
    }
    return check_members(judged, top, form);
  }

  const review_members& members() const noexcept { return rules_.members(); }

private:
  static void throw_on(simdjson::error_code error) {
    if (error == simdjson::MEMALLOC || error == simdjson::CAPACITY)
      throw std::bad_alloc();
  }

  simdjson::simdjson_result<dom::element> parse(std::string_view json) {
    // Newer versions of simdjson skip a byte order mark.
    if (json.empty() || json.front() == '\xEF')
      return simdjson::EMPTY;
    return parser_.parse(json.data(), json.size(), true);
  }

  std::optional<std::variant<not_json, not_a_review>> check_members(std::string_view json, dom::element top,
                                                                    review_form form) {
    const auto top_value = value_of(top);
    bool is_nested = top_value.kind == json_kind::array;
    dom::object members;
    const bool is_object = top.get_object().get(members) == simdjson::SUCCESS;
    if (is_object) {
      rules_.begin(form);
      for (const dom::key_value_pair member : members) {
        const auto value = value_of(member.value);
        is_nested = is_nested || value.kind == json_kind::array || value.kind == json_kind::object;
        rules_.check_member(member.key, value);
      }
    }
    if (is_nested && json_text::nests_deeper_than(json, levels_max))
      return not_json{json_text::explain(json, levels_max)};
    if (!is_object)
      return not_a_review{{review_rules::not_an_object(top_value.kind)}};
    if (!rules_.finish())
      return not_a_review{rules_.take_violations()};
    return std::nullopt;
  }

  dom::parser parser_;
  review_rules rules_;
  std::string tamed_;
};

review_decoder::review_decoder() : impl_(std::make_unique<impl>()) {}
review_decoder::~review_decoder() = default;
review_decoder::review_decoder(review_decoder&&) noexcept = default;
review_decoder& review_decoder::operator=(review_decoder&&) noexcept = default;

std::variant<draft_view, not_json, not_a_review> review_decoder::view_posted(std::string_view json) {
  if (auto wrong = impl_->check(json, review_form::posted))
    return widened<std::variant<draft_view, not_json, not_a_review>>(*wrong);
  const draft_view& read = impl_->members();
  return read;
}

std::variant<review, not_json, not_a_review> review_decoder::decode_stored(std::string_view json) {
  auto read = view_stored(json);
  if (const auto* valid = std::get_if<review_view>(&read))
    return copy_of(*valid);
  if (auto* broken = std::get_if<not_json>(&read))
    return std::move(*broken);
  return std::get<not_a_review>(std::move(read));
}

std::variant<review_view, not_json, not_a_review> review_decoder::view_stored(std::string_view json) {
  if (auto wrong = impl_->check(json, review_form::stored))
    return widened<std::variant<review_view, not_json, not_a_review>>(*wrong);
  const auto& read = impl_->members();
  return review_view{*read.id,   read.vendor_id, read.author,     read.rating,
                     read.title, read.text,      *read.created_at};
}

} // namespace reviews
