#include "actors/model/review_rows.hpp"

#include <algorithm>

namespace reviews {

review_rows::review_rows(const review_rows& other) : review_rows(other.slice(0, other.size())) {}

review_rows& review_rows::operator=(const review_rows& other) {
  return *this = review_rows(other);
}

void review_rows::add(const review_row& row) {
  auto mine = row;
  mine.what.vendor_id = keep(row.what.vendor_id);
  mine.what.author = keep(row.what.author);
  if (row.what.title)
    mine.what.title = keep(*row.what.title);
  if (row.what.text)
    mine.what.text = keep(*row.what.text);
  rows_.push_back(mine);
}

review_rows review_rows::slice(std::size_t from, std::size_t to) const {
  review_rows result;
  result.reserve(to - from);
  for (auto i = from; i < to; ++i)
    result.add(rows_[i]);
  return result;
}

std::string_view review_rows::keep(std::string_view text) {
  char* begin = nullptr;
  if (text.size() > shared_bytes_max) {
    long_strings_.push_back(std::make_unique_for_overwrite<char[]>(text.size()));
    begin = long_strings_.back().get();
  } else {
    if (blocks_.empty() || text.size() > block_bytes - used_) {
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(block_bytes));
      used_ = 0;
    }
    begin = blocks_.back().get() + used_;
    used_ += text.size();
  }
  std::copy(text.begin(), text.end(), begin);
  return {begin, text.size()};
}

} // namespace reviews
