#include "actors/model/review_rows.hpp"

#include <algorithm>

namespace reviews {

review_rows::review_rows(const review_rows& other) : review_rows(other.slice(0, other.size())) {}

review_rows& review_rows::operator=(const review_rows& other) {
  return *this = review_rows(other);
}

void review_rows::add(const review_row& row) {
  auto& mine = rows_.emplace_back(row);
  mine.what.vendor_id = keep(row.what.vendor_id);
  mine.what.author = keep(row.what.author);
  if (row.what.title)
    mine.what.title = keep(*row.what.title);
  if (row.what.text)
    mine.what.text = keep(*row.what.text);
}

review_rows review_rows::slice(std::size_t from, std::size_t to) const {
  review_rows result;
  result.reserve(to - from);
  for (auto i = from; i < to; ++i)
    result.add(rows_[i]);
  return result;
}

std::string_view review_rows::keep(std::string_view text) {
  if (blocks_.empty() || text.size() > blocks_.back().size - blocks_.back().used) {
    const auto size = std::max(block_bytes, text.size());
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
  }
  auto& last = blocks_.back();
  auto* const begin = last.bytes.get() + last.used;
  std::copy(text.begin(), text.end(), begin);
  last.used += text.size();
  return {begin, text.size()};
}

} // namespace reviews
