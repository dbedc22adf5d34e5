// Preloaded into a program under test, makes the calls at its ports fail on
// demand: a call throws when the folder that FAILING_PORTS names holds a file
// `<port>.once`, which it takes away, or `<port>.always`. What is thrown passes
// through our own code like any mistake there and ends the actor that called.

#include <librdkafka/rdkafka.h>
#include <libpq-fe.h>

#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace {

void fail_if_asked(const char* port) {
  const char* folder = std::getenv("FAILING_PORTS");
  if (!folder)
    return;
  const auto name = std::string(folder) + "/" + port;
  if (unlink((name + ".once").c_str()) == 0 || access((name + ".always").c_str(), F_OK) == 0)
    throw std::runtime_error(std::string(port) + ": failed on demand");
}

template <class Function>
Function* original(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

} // namespace

extern "C" {

/// PUBLISHER hands over a record; in the consumer, that of dead letters.
rd_kafka_error_t* rd_kafka_produceva(rd_kafka_t* client, const rd_kafka_vu_t* values, std::size_t count) {
  static auto* const next = original<decltype(rd_kafka_produceva)>("rd_kafka_produceva");
  fail_if_asked("produce");
  return next(client, values, count);
}

/// PARTITION CONSUMER pulls a record.
rd_kafka_message_t* rd_kafka_consume_queue(rd_kafka_queue_t* queue, int timeout_ms) {
  static auto* const next = original<decltype(rd_kafka_consume_queue)>("rd_kafka_consume_queue");
  fail_if_asked("consume");
  return next(queue, timeout_ms);
}

/// GROUP CONSUMER tells Kafka what is stored.
rd_kafka_resp_err_t rd_kafka_commit(rd_kafka_t* client, const rd_kafka_topic_partition_list_t* offsets,
                                    int is_async) {
  static auto* const next = original<decltype(rd_kafka_commit)>("rd_kafka_commit");
  fail_if_asked("commit");
  return next(client, offsets, is_async);
}

/// WRITER runs its statement.
PGresult* PQexecPrepared(PGconn* connection, const char* name, int count, const char* const* values,
                         const int* lengths, const int* formats, int result_format) {
  static auto* const next = original<decltype(PQexecPrepared)>("PQexecPrepared");
  fail_if_asked("store");
  return next(connection, name, count, values, lengths, formats, result_format);
}
}
