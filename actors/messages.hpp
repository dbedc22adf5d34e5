#pragma once

#include "actors/model/commit_story.hpp"
#include "actors/model/consumer_report.hpp"
#include "actors/model/failure.hpp"
#include "actors/model/partition_log.hpp"
#include "actors/model/progress_watch.hpp"
#include "actors/model/record.hpp"
#include "actors/model/stored_review.hpp"
#include "actors/params.hpp"
#include "actors/ports/commit_listener.hpp"
#include "actors/ports/consumer_client.hpp"
#include "actors/ports/review_store.hpp"
#include "actors/post.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/type_id.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What the actors say to each other. Every message stays in the process.
namespace reviews {

// -- publishing ---------------------------------------------------------------

/// Asks PUBLISHER to write records to its topic, in this order a key.
struct publish_records {
  std::vector<record> records;
};

/// Answers `publish_records`: one result a record, in the order asked.
struct records_published {
  std::vector<outcome<receipt>> results;
};

/// Asks PUBLISHER the same for each of several requests; it answers each by
/// itself, through its reply.
struct publish_posts {
  std::shared_ptr<std::vector<post>> posts;
};

/// Tells PUBLISHER another window. What it has admitted stays, also beyond a smaller one.
struct set_window {
  publisher_params window;
};

// -- storing ------------------------------------------------------------------

/// Asks WRITER to store one batch, all rows or none.
struct write_batch {
  std::shared_ptr<const review_batch> batch;
};

/// Answers `write_batch`.
struct batch_written {
  batch_counts counts;
};

/// Asks WRITER where partitions stand. Answered after every batch asked of this WRITER before.
struct read_offsets {
  std::vector<std::int32_t> partitions;
};

/// Answers `read_offsets`, in the order asked; none where nothing is stored yet.
struct offsets_read {
  std::vector<std::optional<std::int64_t>> next_offsets;
};

/// Asks WRITER to tell payloads on `consumer_channel`. Told after every batch asked of this WRITER before.
struct send_report {
  std::vector<std::string> payloads;
};

/// Answers `send_report`.
struct report_sent {};

// -- reading ------------------------------------------------------------------

/// Asks READER for the review of an id.
struct read_review {
  review_id id{};
};

/// Answers `read_review`; nothing while it is not stored.
struct review_read {
  std::optional<stored_review> found;
};

/// Asks READER for a page of a vendor's reviews, newest first.
struct read_vendor_reviews {
  std::string vendor_id;
  std::optional<review_place> after; ///< Goes on after this one; none: from the newest.
  std::size_t limit = 1;             ///< 1..`page_reviews_max`.
};

/// Answers `read_vendor_reviews`.
struct vendor_reviews_read {
  review_page page;
};

/// Asks READER for a vendor's ratings.
struct read_rating {
  std::string vendor_id;
};

/// Answers `read_rating`.
struct rating_read {
  rating_counts counts;
};

/// Asks READER for several reviews by their ids.
struct read_reviews {
  std::vector<review_id> ids;
};

/// Answers `read_reviews`: those that are stored, in the order asked.
struct reviews_read {
  std::vector<stored_review> reviews;
};

/// Asks READER how far the partitions of the topic are stored.
struct read_stored_offsets {};

/// Answers `read_stored_offsets`, by partition.
struct stored_offsets_read {
  std::vector<stored_offset> offsets;
};

// -- partitions ---------------------------------------------------------------

/// Tells PARTITION CONSUMER to take over a partition. `epoch` grows with each
/// hand-over of a partition; what carries an older one is stale.
struct consume_partition {
  std::int32_t partition = -1;
  std::uint64_t epoch = 0;
  std::shared_ptr<partition_queue> queue;
  std::optional<std::int64_t> stored_offset;
};

/// Asks PARTITION CONSUMER to stop taking and to finish or abandon what is under
/// way. No partitions: all that it has.
struct release_partitions {
  std::vector<std::int32_t> partitions;
};

/// Answers `release_partitions`: nothing of them is under way any more.
struct partitions_released {};

/// Tells PARTITION CONSUMER other bounds, for all its partitions. What it
/// holds stays, also beyond smaller ones.
struct set_limits {
  batch_params batch;
  partition_params partition;
};

/// Asks GROUP CONSUMER to share its partitions among `count` consumers: those
/// whose consumer changes are released and begun anew at the stored offset,
/// the others go on. 1..`pool_size_max`; the newcomers run already.
struct resize_consumers {
  std::size_t count = 1;
};

/// Answers `resize_consumers`: consumers beyond the count hold nothing any more.
struct consumers_resized {};

/// Tells GROUP CONSUMER that a partition is stored up to `next_offset`.
struct partition_stored {
  std::int32_t partition = -1;
  std::uint64_t epoch = 0;
  std::int64_t next_offset = 0;
};

/// Tells GROUP CONSUMER that a partition cannot go on as it is: `fenced`,
/// `broken`, `unavailable`, `outcome_unknown` and `poisoned` take it up again at the stored
/// offset, `refused` and `offset_gone` stop it for good.
struct partition_failed {
  std::int32_t partition = -1;
  std::uint64_t epoch = 0;
  failure why;
};

/// Tells GROUP CONSUMER that work on a partition failed for now and is tried
/// again after a pause: a sign of life, if not of progress.
struct partition_waiting {
  std::int32_t partition = -1;
  std::uint64_t epoch = 0;
  ec why = ec::unavailable;
};

/// Tells GROUP CONSUMER that consumer `index` of the pool is new and empty.
struct consumer_started {
  std::size_t index = 0;
};

/// Asks GROUP CONSUMER what is to be seen of its partitions.
struct look_at_partitions {};

/// Answers `look_at_partitions`.
struct partitions_seen {
  std::vector<partition_sight> partitions;
};

/// Asks GROUP CONSUMER what listeners are told of its partitions.
struct report_partitions {};

/// Answers `report_partitions`.
struct partitions_reported {
  std::size_t rebalances = 0;
  std::vector<partition_report> partitions;
};

// -- the feed -----------------------------------------------------------------

/// Tells FEED what COMMIT LISTENER heard, in its order.
struct notices_heard {
  std::vector<heard_notice> notices;
};

/// Tells FEED whether commits are heard of from now on; what is told meanwhile is lost.
struct listening_changed {
  bool is_listening = false;
};

/// Tells FEED that one more listens to events.
struct listener_came {};

/// Asks FEED to wait until a record is committed.
struct await_commit {
  std::int32_t partition = -1;
  std::int64_t offset = -1;
  review_id id{};
  std::chrono::milliseconds at_most{0};
};

/// Answers `await_commit`.
struct commit_awaited {
  commit_story story;
};

/// Asks LOG WATCH to look at the topic's log.
struct look_at_log {};

/// Answers `look_at_log`, index = partition.
struct log_seen {
  std::vector<partition_log> partitions;
};

/// Tells LOG WATCH that nobody looks for a while: it gives its connections back.
struct rest {};

// -- supervision --------------------------------------------------------------

/// Asks an actor to take nothing new and to finish what is under way.
struct drain {};

/// Answers `drain`.
struct drained {};

/// Asks an actor what it is doing.
struct describe {};

/// Answers `describe`.
struct description {
  std::size_t mailbox_depth = 0;  ///< Messages fetched and not handled yet.
  std::size_t work_in_flight = 0; ///< What it waits for: acknowledgements, rows, …
  std::string state;              ///< A word or two: `running`, `draining`, …
};

/// One child in the answer to `describe_tree`.
struct child_description {
  std::string name;
  std::string pool;
  std::size_t restarts = 0;
  bool running = false;
  bool responding = false; ///< Answered `describe` in time.
  description what;
};

/// Asks SUPERVISOR for the whole tree.
struct describe_tree {};

/// Answers `describe_tree`, children in the order of their start.
struct tree_description {
  std::size_t restarts = 0;
  bool has_given_up = false;
  std::vector<child_description> children;
};

/// Asks SUPERVISOR to stop all children, the last started first, each with
/// what its drain needs until the deadline.
struct stop_children {
  std::chrono::milliseconds timeout{0};
};

/// Answers `stop_children`. Not clean: somebody did not finish in time.
struct children_stopped {
  bool clean = true;
};

} // namespace reviews

// clang-format off
#define REVIEWS_MESSAGE(name)                                                  \
  CAF_ADD_TYPE_ID(reviews, (reviews::name))                                    \
  CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::name)
// clang-format on

CAF_BEGIN_TYPE_ID_BLOCK(reviews, caf::first_custom_type_id)
REVIEWS_MESSAGE(publish_records)
REVIEWS_MESSAGE(records_published)
REVIEWS_MESSAGE(publish_posts)
REVIEWS_MESSAGE(set_window)
REVIEWS_MESSAGE(write_batch)
REVIEWS_MESSAGE(batch_written)
REVIEWS_MESSAGE(read_offsets)
REVIEWS_MESSAGE(offsets_read)
REVIEWS_MESSAGE(send_report)
REVIEWS_MESSAGE(report_sent)
REVIEWS_MESSAGE(read_review)
REVIEWS_MESSAGE(review_read)
REVIEWS_MESSAGE(read_vendor_reviews)
REVIEWS_MESSAGE(vendor_reviews_read)
REVIEWS_MESSAGE(read_rating)
REVIEWS_MESSAGE(rating_read)
REVIEWS_MESSAGE(read_reviews)
REVIEWS_MESSAGE(reviews_read)
REVIEWS_MESSAGE(read_stored_offsets)
REVIEWS_MESSAGE(stored_offsets_read)
REVIEWS_MESSAGE(consume_partition)
REVIEWS_MESSAGE(release_partitions)
REVIEWS_MESSAGE(partitions_released)
REVIEWS_MESSAGE(set_limits)
REVIEWS_MESSAGE(resize_consumers)
REVIEWS_MESSAGE(consumers_resized)
REVIEWS_MESSAGE(partition_stored)
REVIEWS_MESSAGE(partition_failed)
REVIEWS_MESSAGE(partition_waiting)
REVIEWS_MESSAGE(consumer_started)
REVIEWS_MESSAGE(look_at_partitions)
REVIEWS_MESSAGE(partitions_seen)
REVIEWS_MESSAGE(report_partitions)
REVIEWS_MESSAGE(partitions_reported)
REVIEWS_MESSAGE(notices_heard)
REVIEWS_MESSAGE(listening_changed)
REVIEWS_MESSAGE(listener_came)
REVIEWS_MESSAGE(await_commit)
REVIEWS_MESSAGE(commit_awaited)
REVIEWS_MESSAGE(look_at_log)
REVIEWS_MESSAGE(log_seen)
REVIEWS_MESSAGE(rest)
REVIEWS_MESSAGE(drain)
REVIEWS_MESSAGE(drained)
REVIEWS_MESSAGE(describe)
REVIEWS_MESSAGE(description)
REVIEWS_MESSAGE(describe_tree)
REVIEWS_MESSAGE(tree_description)
REVIEWS_MESSAGE(stop_children)
REVIEWS_MESSAGE(children_stopped)
CAF_END_TYPE_ID_BLOCK(reviews)
