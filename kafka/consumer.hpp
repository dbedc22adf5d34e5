#pragma once

#include "actors/ports/consumer_client.hpp"
#include "kafka/params.hpp"

namespace reviews::kafka {

/// Builds members of `params.group_id`, subscribed to `params.topic`.
///
/// Staying alive: `take_events` polls the group's queue, which counts for
/// `max.poll.interval.ms` (KIP-62); heartbeats are librdkafka's own thread's.
///
/// An assignment is confirmed to the group inside `take_events`, with nothing
/// to fetch, so that a rebalance never waits for the database; `start` adds
/// partitions one by one. `partitions_assigned` also comes empty, when a
/// rebalance gave this member nothing: it tells that the group was joined.
///
/// A revocation is confirmed when `release` has named all of its partitions;
/// until then `stop` only closes queues. Destroying a client that was not
/// closed closes it within 2 s.
///
/// Bounds: a partition's queue holds `partition_bytes_max` or
/// `partition_records_max`, whichever comes first, plus one fetch (at most
/// `partition_bytes_max`, at most 1 MiB) beyond it.
consumer_client_factory make_consumer_factory(kafka_params params);

} // namespace reviews::kafka
