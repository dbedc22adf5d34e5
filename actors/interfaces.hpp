#pragma once

#include "actors/messages.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

/// Who can be told what. Private messages extend these in the actor's own header.
namespace reviews {

/// PUBLISHER owns one Kafka producer and the window of what awaits acknowledgement.
using publisher_actor = caf::typed_actor<
    // Answers when the broker has acknowledged or refused every record, or at
    // once: `overloaded`, `shutting_down`.
    caf::replies_to<publish_records>::with<records_published>,
    // The same for each of them, or `unavailable` when it ends before it takes them.
    caf::reacts_to<publish_posts>,
    // Holds for what comes after it.
    caf::reacts_to<set_window>,
    // Answers when nothing is in flight any more.
    caf::replies_to<drain>::with<drained>, caf::replies_to<describe>::with<description>>;

/// WRITER owns one Postgres connection and blocks on it.
using writer_actor = caf::typed_actor<
    // Fails with `unavailable`, `poisoned`, `fenced` or `refused`; or with `broken`, and ends.
    caf::replies_to<write_batch>::with<batch_written>,
    // Fails with `unavailable`, `refused` or `broken`.
    caf::replies_to<read_offsets>::with<offsets_read>,
    // Fails with `unavailable`, `refused` or `broken`.
    caf::replies_to<send_report>::with<report_sent>,
    // Answers after everything asked before; from then on it refuses with `unavailable`.
    caf::replies_to<drain>::with<drained>, caf::replies_to<describe>::with<description>>;

/// READER owns one Postgres connection that cannot write, and blocks on it.
using reader_actor = caf::typed_actor<
    // All of them fail with `unavailable`, `refused` or `broken`; at once, without a try, for
    // a moment after the database turned out to be out of reach; with `shutting_down` once drained.
    caf::replies_to<read_review>::with<review_read>,
    caf::replies_to<read_vendor_reviews>::with<vendor_reviews_read>,
    caf::replies_to<read_rating>::with<rating_read>,
    // For the feed.
    caf::replies_to<read_reviews>::with<reviews_read>,
    caf::replies_to<read_stored_offsets>::with<stored_offsets_read>,
    // Answers after everything asked before.
    caf::replies_to<drain>::with<drained>, caf::replies_to<describe>::with<description>>;

/// PARTITION CONSUMER carries records of its partitions from their queues to WRITER.
using partition_consumer_actor = caf::typed_actor<
    // Begins a partition, or begins it anew.
    caf::reacts_to<consume_partition>,
    // Answers when the batches under way are finished or abandoned.
    caf::replies_to<release_partitions>::with<partitions_released>,
    // Holds for the partitions it has and for those to come.
    caf::reacts_to<set_limits>, caf::replies_to<describe>::with<description>>;

/// GROUP CONSUMER is the member of the consumer group: it is given partitions and hands them on.
using group_consumer_actor = caf::typed_actor<
    // What is stored is told to Kafka, for lag tools.
    caf::reacts_to<partition_stored>,
    // A partition that cannot go on is taken up again or stopped.
    caf::reacts_to<partition_failed>,
    // Work that fails for now is a sign of life.
    caf::reacts_to<partition_waiting>,
    // What WATCHDOG judges by.
    caf::replies_to<look_at_partitions>::with<partitions_seen>,
    // What REPORTER tells.
    caf::replies_to<report_partitions>::with<partitions_reported>,
    // A new consumer is given its partitions.
    caf::reacts_to<consumer_started>,
    // Answers when every release asked of a consumer is over.
    caf::replies_to<resize_consumers>::with<consumers_resized>,
    // Answers when all partitions are released and the group is left.
    caf::replies_to<drain>::with<drained>, caf::replies_to<describe>::with<description>>;

/// REPORTER tells listeners once a second what this consumer does.
using reporter_actor = caf::typed_actor<caf::replies_to<describe>::with<description>>;

/// COMMIT LISTENER owns the connection on which Postgres tells of commits, and blocks on it.
using listener_actor = caf::typed_actor<caf::replies_to<describe>::with<description>>;

/// LOG WATCH owns the Kafka client that looks at the topic's log, and blocks on it.
using log_watch_actor = caf::typed_actor<
    // Fails with `unavailable` or `refused`.
    caf::replies_to<look_at_log>::with<log_seen>,
    // The next look connects anew.
    caf::reacts_to<rest>, caf::replies_to<describe>::with<description>>;

/// FEED tells what was stored: those who wait for one review, and all who listen.
using feed_actor = caf::typed_actor<
    // Commits and consumers' reports, in the order of the commits.
    caf::reacts_to<notices_heard>,
    // While nothing is heard nobody can be told of a commit: who waits is answered at once.
    caf::reacts_to<listening_changed>,
    // The pipeline is watched as long as somebody listens.
    caf::reacts_to<listener_came>,
    // Always answered: in time, or with `unknown` when the time is over.
    caf::replies_to<await_commit>::with<commit_awaited>,
    // Answers all who wait, now and from then on, and ends the listeners.
    caf::replies_to<drain>::with<drained>, caf::replies_to<describe>::with<description>>;

/// STARTUP CHECK waits until the servers have what the process needs.
using startup_check_actor = caf::typed_actor<caf::replies_to<describe>::with<description>>;

/// WATCHDOG sees to it that partitions move.
using watchdog_actor = caf::typed_actor<caf::replies_to<describe>::with<description>>;

/// SUPERVISOR starts the children, restarts them, and stops them in order.
using supervisor_actor = caf::typed_actor<
    // Answers within half a second, also when children do not.
    caf::replies_to<describe_tree>::with<tree_description>,
    // Answers when the last child has ended.
    caf::replies_to<stop_children>::with<children_stopped>>;

} // namespace reviews
