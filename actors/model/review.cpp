#include "actors/model/review.hpp"

namespace reviews {

review_view view_of(const review& what) {
  return {what.id, what.vendor_id, what.author, what.rating, what.title, what.text, what.created_at};
}

review copy_of(const review_view& what) {
  const auto copy = [](const std::optional<std::string_view>& text) {
    return text ? std::optional<std::string>(std::in_place, *text) : std::nullopt;
  };
  return {what.id,
          std::string(what.vendor_id),
          std::string(what.author),
          what.rating,
          copy(what.title),
          copy(what.text),
          what.created_at};
}

} // namespace reviews
