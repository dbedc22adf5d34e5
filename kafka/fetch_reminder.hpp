#pragma once

#include <librdkafka/rdkafka.h>

#include <cstddef>
#include <string>

namespace reviews::kafka {

/// Has librdkafka before 2.2 look again at queues that were full.
///
/// It stops fetching for a partition whose queue holds `queued.min.messages`
/// records or `queued.max.messages.kbytes`, and looks again only when its
/// thread of that broker wakes up, for whatever reason, after 1 s at the
/// latest. From 2.2 on `fetch.queue.backoff.ms` sees to it.
///
/// Reminds nobody with Kerberos (`sasl.mechanism` GSSAPI), where the call could
/// wait for the key distribution centre.
class fetch_reminder {
public:
  /// What was taken out of one queue since its last reminder.
  struct taken {
    std::size_t records_count = 0;
    std::size_t bytes_count = 0;
  };

  explicit fetch_reminder(rd_kafka_t* client);

  /// Wakes the threads of all brokers when half of what the queue may hold was
  /// taken, and counts anew. So a queue that was full has room again at the
  /// last reminder before it is empty.
  void remind(taken& since_last) const;

private:
  rd_kafka_t* client_;
  bool is_needed_;
  taken half_;
  // The call that wakes librdkafka's threads sets credentials: these are the ones it has.
  std::string sasl_user_name_;
  std::string sasl_password_;
};

} // namespace reviews::kafka
