#include "deploy/producer/readers.hpp"

#include "actors/reader.hpp"
#include "db/pg_review_reader.hpp"

#include <string>
#include <utility>

namespace reviews {

namespace {

std::string name_of(std::size_t index) {
  return "reader-" + std::to_string(index);
}

} // namespace

readers::readers(process& of, const producer_settings& settings)
    : process_(of), metrics_(of.metrics()),
      make_reader_(
          make_review_reader_factory(settings.database, settings.kafka.group_id, settings.kafka.topic)),
      pool_(make_pool<reader_actor>(settings.readers)),
      desk_(make_reader_desk(of.desk(), pool_, settings.reads, metrics_)) {}

std::vector<child_spec> readers::make_children() {
  std::vector<child_spec> result;
  for (std::size_t i = 0; i < pool_->size(); ++i)
    result.push_back(make_child_spec(i));
  return result;
}

child_spec readers::make_child_spec(std::size_t index) {
  return make_child(name_of(index), "readers", true, pool_->address(index),
                    [this](caf::actor_system& sys) -> reader_actor {
                      return sys.spawn<caf::detached>(reader, make_reader_, &metrics_);
                    });
}

void readers::follow(const producer_settings& before, const producer_settings& after) {
  desk_->bound_by(after.reads);
  std::vector<child_spec> newcomers;
  for (auto i = before.readers; i < after.readers; ++i)
    newcomers.push_back(make_child_spec(i));
  if (after.readers == before.readers || !process_.start_and_wait(std::move(newcomers)))
    return;
  pool_->resize(after.readers);
  std::vector<std::string> surplus;
  for (auto i = after.readers; i < before.readers; ++i)
    surplus.push_back(name_of(i));
  if (!surplus.empty())
    process_.remove_and_wait(std::move(surplus), after.drain_timeout);
}

} // namespace reviews
