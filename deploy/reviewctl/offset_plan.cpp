#include "deploy/reviewctl/offset_plan.hpp"

#include "deploy/reviewctl/time_spec.hpp"

#include <algorithm>
#include <charconv>

namespace reviews::ctl {

std::optional<offset_target> parse_offset_target(std::string_view text, timestamp now) {
  using kind = offset_target::kind;
  if (text == "begin")
    return offset_target{kind::begin};
  if (text == "end")
    return offset_target{kind::end};
  std::int64_t number = -1;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec == std::errc() && read.ptr == end)
    return number >= 0 ? std::optional(offset_target{kind::offset, number}) : std::nullopt;
  const auto moment = parse_moment(text, now);
  return moment ? std::optional(offset_target{kind::time, 0, *moment}) : std::nullopt;
}

outcome<offset_plan> plan_offset(const partition_view& view, std::int64_t to) {
  if (to < view.log.begin || to > view.log.end)
    return failure{ec::invalid,
                   "partition " + std::to_string(view.partition) + ": expected an offset in [" +
                       std::to_string(view.log.begin) + ", " + std::to_string(view.log.end) + "], got " +
                       std::to_string(to),
                   {}};
  const auto from = view.position();
  offset_plan plan{view.partition, view.stored, to};
  plan.gone_count = view.gone_count();
  plan.skipped_count = std::max<std::int64_t>(to - std::max(from, view.log.begin), 0);
  plan.again_count = std::max<std::int64_t>(std::min(from, view.log.end) - to, 0);
  return plan;
}

std::string account_of(const offset_plan& plan, bool is_done) {
  auto text = "partition " + std::to_string(plan.partition) + ": ";
  if (!plan.changes())
    return text + "stays at " + std::to_string(plan.to);
  text += "from " + (plan.from ? std::to_string(*plan.from) : std::string("none")) + " to " +
          std::to_string(plan.to) + ": ";
  std::string parts;
  const auto add = [&](std::int64_t count, const std::string& what) {
    if (count > 0)
      parts += (parts.empty() ? "" : "; ") + std::to_string(count) + " records " + what;
  };
  const std::string will = is_done ? "will be" : "would be";
  add(plan.skipped_count, will + " SKIPPED and never stored");
  add(plan.again_count, will + " read again (duplicates are harmless)");
  add(plan.gone_count, "were removed by retention and are never stored");
  return text + (parts.empty() ? "no record " + will + " skipped or read again" : parts);
}

} // namespace reviews::ctl
