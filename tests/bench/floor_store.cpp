// The contract's transaction alone, without Kafka: batches of made-up rows into
// Postgres. `--method copy` is written by hand over libpq; `--method store` is
// the consumer's own store.

#include "db/pg_review_store.hpp"
#include "tests/bench/contract_store.hpp"
#include "tests/bench/store_floor.hpp"

#include <stdexcept>

using namespace reviews;
using namespace reviews::bench;

int main(int argc, char** argv) {
  auto known = store_options();
  known["method"] = "copy";
  const options given(argc, argv, "The contract's transaction alone; --method copy or store.", known);
  const auto by_hand = [&]() -> batch_sink {
    auto store =
        std::make_shared<contract_store>(given.text("url"), given.text("group"), given.text("topic"));
    return [store](const plain_batch& batch) { store->store(batch); };
  };
  database_params where;
  where.url = given.text("url");
  const auto factory = make_review_store_factory(where, given.text("group"), given.text("topic"));
  const auto ours = [&]() -> batch_sink {
    std::shared_ptr<review_store> store = factory();
    if (auto checked = store->check_schema(); !checked)
      throw std::runtime_error(checked.error().detail);
    return [store](const plain_batch& batch) {
      review_batch continued{batch.partition, batch.from_offset, batch.next_offset, {}, {}};
      if (batch.from_offset == 0)
        continued.from_offset.reset(); // a partition without a stored offset
      for (const auto& row : batch.rows)
        continued.rows.add({view_of(row.what), row.offset});
      if (auto stored = store->store(continued); !stored)
        throw std::runtime_error(stored.error().detail);
    };
  };
  if (given.text("method") == "store")
    run_store_floor(given, ours);
  else
    run_store_floor(given, by_hand);
}
