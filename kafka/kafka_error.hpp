#pragma once

#include "actors/model/failure.hpp"

#include <librdkafka/rdkafka.h>

#include <string_view>

namespace reviews::kafka {

/// What a librdkafka or broker error means to our callers, when the error says
/// it alone: the one table of this room.
///
/// An error that leaves open whether a record was written is `unavailable`
/// here; `delivery_failure` also looks at the record's status.
ec code_of(rd_kafka_resp_err_t err) noexcept;

/// A failure by `code_of`, spelled `subject: expected EXPECTED, got ERROR`.
/// `text`, if any, is librdkafka's own explanation; it also tells a rejected
/// certificate (`refused`) from a broken TLS connection (`unavailable`).
failure to_failure(rd_kafka_resp_err_t err, std::string_view subject, std::string_view expected,
                   std::string_view text = {});

/// The failure of a record that was handed over and not acknowledged.
/// `possibly_persisted` makes it `outcome_unknown`, but for errors by which
/// the broker says that it wrote nothing.
failure delivery_failure(rd_kafka_resp_err_t err, rd_kafka_msg_status_t status, std::string_view topic);

/// The failure of a record that librdkafka calls delivered and cannot place: a
/// retry was answered DUPLICATE_SEQUENCE_NUMBER. The leader has the record, but
/// says so without waiting for its replicas, as `acks=all` would.
failure unplaced_failure(std::string_view topic);

/// Why `client` can do nothing any more: `broken`, or `refused` when another
/// instance with our `group.instance.id` has taken over (KIP-345).
failure fatal_failure(rd_kafka_t* client, std::string_view subject);

} // namespace reviews::kafka
