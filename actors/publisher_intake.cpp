#include "actors/publisher_intake.hpp"

#include <atomic>
#include <functional>
#include <utility>

namespace reviews {

namespace {

using results = review_intake::results;

/// A failure of the whole request, told for each of its records.
results repeat(const failure& why, std::size_t count) {
  return results(count, outcome<receipt>(why));
}

void ask_one(const front_desk_ptr& desk, const actor_address<publisher_actor>& to,
             std::vector<record> records, review_intake::answer then) {
  auto count = records.size();
  ask<records_published>(desk, to.get(), publish_records{std::move(records)},
                         [count, then = std::move(then)](outcome<records_published> got) {
                           if (got)
                             then(std::move(got->results));
                           else if (got.error().code == ec::broken)
                             then(repeat({ec::outcome_unknown, got.error().detail, {}}, count));
                           else
                             then(repeat(got.error(), count));
                         });
}

/// The parts of one request that went to several publishers.
struct assembly {
  assembly(std::size_t records_count, std::size_t parts_count, review_intake::answer whom)
      : whole(repeat({ec::outcome_unknown, "publisher: no answer", {}}, records_count)),
        parts_missing(parts_count), then(std::move(whom)) {}

  void add(const std::vector<std::size_t>& places, results part) {
    for (std::size_t i = 0; i < places.size() && i < part.size(); ++i)
      whole[places[i]] = std::move(part[i]);
    if (parts_missing.fetch_sub(1, std::memory_order_acq_rel) == 1)
      then(std::move(whole));
  }

  results whole;
  std::atomic<std::size_t> parts_missing;
  review_intake::answer then;
};

class publisher_intake final : public review_intake {
public:
  publisher_intake(front_desk_ptr desk, std::vector<address_ptr<publisher_actor>> publishers)
      : desk_(std::move(desk)), publishers_(std::move(publishers)) {}

  void publish(std::vector<record> records, answer then) override {
    if (records.empty()) {
      then({});
      return;
    }
    if (publishers_.size() == 1 || records.size() == 1) {
      const auto& to = *publishers_[index_of(records.front())];
      ask_one(desk_, to, std::move(records), std::move(then));
      return;
    }
    publish_in_parts(std::move(records), std::move(then));
  }

private:
  struct part {
    std::vector<record> records;
    std::vector<std::size_t> places;
  };

  std::size_t index_of(const record& r) const {
    return std::hash<std::string_view>{}(r.key ? std::string_view(*r.key) : std::string_view()) %
           publishers_.size();
  }

  void publish_in_parts(std::vector<record> records, answer then) {
    std::vector<part> parts(publishers_.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
      auto& mine = parts[index_of(records[i])];
      mine.records.push_back(std::move(records[i]));
      mine.places.push_back(i);
    }
    std::size_t parts_count = 0;
    for (const auto& each : parts)
      parts_count += each.records.empty() ? 0 : 1;
    auto whole = std::make_shared<assembly>(records.size(), parts_count, std::move(then));
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (!parts[i].records.empty())
        ask_one(desk_, *publishers_[i], std::move(parts[i].records),
                [whole, places = std::move(parts[i].places)](results got) {
                  whole->add(places, std::move(got));
                });
  }

  front_desk_ptr desk_;
  std::vector<address_ptr<publisher_actor>> publishers_;
};

} // namespace

std::unique_ptr<review_intake> make_publisher_intake(front_desk_ptr desk,
                                                     std::vector<address_ptr<publisher_actor>> publishers) {
  return std::make_unique<publisher_intake>(std::move(desk), std::move(publishers));
}

} // namespace reviews
