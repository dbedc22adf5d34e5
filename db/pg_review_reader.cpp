#include "db/pg_review_reader.hpp"

#include "db/lasting_session.hpp"
#include "db/read_statements.hpp"

#include <chrono>
#include <cstdint>
#include <utility>

namespace reviews {

namespace {

class pg_review_reader final : public review_reader {
public:
  pg_review_reader(database_params where, std::string group_id, std::string topic)
      : connect_timeout_(where.connect_timeout),
        session_(std::move(where)), log_{std::move(group_id), std::move(topic)} {}

  outcome<std::optional<stored_review>> review(const review_id& id) override {
    return read<std::optional<stored_review>>(
        [&](pq::connection& database) { return read_review_of_id(database, id); });
  }

  outcome<review_page> reviews_of(const std::string& vendor_id, const std::optional<review_place>& after,
                                  std::size_t limit) override {
    return read<review_page>(
        [&](pq::connection& database) { return read_reviews_of_vendor(database, vendor_id, after, limit); });
  }

  outcome<rating_counts> rating_of(const std::string& vendor_id) override {
    return read<rating_counts>(
        [&](pq::connection& database) { return read_rating_of_vendor(database, vendor_id); });
  }

  outcome<std::vector<stored_review>> reviews(const std::vector<review_id>& ids) override {
    return read<std::vector<stored_review>>(
        [&](pq::connection& database) { return read_reviews_of_ids(database, ids); });
  }

  outcome<std::vector<stored_offset>> stored_offsets() override {
    return read<std::vector<stored_offset>>(
        [&](pq::connection& database) { return read_offsets_of_log(database, log_); });
  }

private:
  template <class T, class Work>
  sql_result<T> attempt(const Work& work) {
    return session_.call<T>([&](pq::connection& database) -> sql_result<T> {
      if (prepared_in_ != session_.number())
        prepare_read_statements(database);
      prepared_in_ = session_.number();
      return work(database);
    });
  }

  /// Once more when the connection had ended before; not after one that was
  /// waited for in vain, which would be waited for twice.
  template <class T, class Work>
  outcome<T> read(const Work& work) {
    const bool was_open = session_.is_open();
    const auto began = std::chrono::steady_clock::now();
    auto result = attempt<T>(work);
    if (!result && was_open && result.error().is_outcome_unknown &&
        std::chrono::steady_clock::now() - began < connect_timeout_)
      result = attempt<T>(work);
    return to_outcome(std::move(result));
  }

  const std::chrono::milliseconds connect_timeout_;
  lasting_session session_;
  stored_log log_;
  std::uint64_t prepared_in_ = 0; // which session
};

} // namespace

review_reader_factory make_review_reader_factory(database_params where, std::string group_id,
                                                 std::string topic) {
  return [where = std::move(where), group_id = std::move(group_id), topic = std::move(topic)] {
    return review_reader_ptr(std::make_unique<pg_review_reader>(where, group_id, topic));
  };
}

} // namespace reviews
