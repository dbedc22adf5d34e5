// Bare COPY of the same rows into the table of the reviews with its indexes: no
// duplicates dropped, no ratings, no offsets. One COPY a batch.

#include "tests/bench/contract_store.hpp"
#include "tests/bench/store_floor.hpp"

using namespace reviews;
using namespace reviews::bench;

int main(int argc, char** argv) {
  const options given(argc, argv, "Bare COPY of the same rows.", store_options());
  run_store_floor(given, [&]() -> batch_sink {
    auto database = std::make_shared<connection_ptr>(connect(given.text("url")));
    auto copier = std::make_shared<row_copier>();
    return [=](const plain_batch& batch) {
      copier->copy(database->get(),
                   "copy reviews (review_id, vendor_id, author, rating, title, text, created_at, "
                   "topic_partition, topic_offset) from stdin binary",
                   batch);
    };
  });
}
