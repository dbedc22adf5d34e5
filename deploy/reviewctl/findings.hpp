#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reviews::ctl {

/// What a check found: of each kind the number of all and the first twenty.
class findings {
public:
  static constexpr std::size_t shown_max = 20;

  /// Adds one. `fields` say where it is: partition, offset, review_id, …
  void add(std::string_view kind, const boost::json::object& fields);

  bool empty() const { return kinds_.empty(); }
  std::uint64_t count_of(std::string_view kind) const;

  /// `[{"kind":…,"count":…,"first":[…]}]`, in the order first found.
  boost::json::array to_json() const;

  /// A line a kind, and indented a line each of the first: `partition=3 offset=42`.
  std::string to_text() const;

private:
  struct of_kind {
    std::string kind;
    std::uint64_t count = 0;
    std::vector<boost::json::object> first;
  };

  std::vector<of_kind> kinds_;
};

} // namespace reviews::ctl
