#include "tests/bench/kafka_client.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace reviews::bench {

kafka::client_ptr make_kafka_client(rd_kafka_type_t type, kafka_settings settings, int events) {
  std::array<char, 512> text{};
  kafka::conf_ptr conf(rd_kafka_conf_new());
  for (const auto& [name, value] : settings)
    if (rd_kafka_conf_set(conf.get(), name, value.c_str(), text.data(), text.size()) != RD_KAFKA_CONF_OK)
      throw std::runtime_error(text.data());
  rd_kafka_conf_set_events(conf.get(), events);
  kafka::client_ptr client(rd_kafka_new(type, conf.get(), text.data(), text.size()));
  if (!client)
    throw std::runtime_error(text.data());
  static_cast<void>(conf.release()); // owned by the client now
  return client;
}

kafka::client_ptr make_producer(const std::string& bootstrap, const std::string& linger_ms) {
  return make_kafka_client(RD_KAFKA_PRODUCER,
                           {{"bootstrap.servers", bootstrap},
                            {"enable.idempotence", "true"},
                            {"acks", "all"},
                            {"partitioner", "murmur2_random"},
                            {"linger.ms", linger_ms}},
                           RD_KAFKA_EVENT_DR);
}

std::int32_t partition_count(rd_kafka_t* client, const std::string& topic) {
  constexpr int timeout_ms = 10'000;
  kafka::topic_ptr handle(rd_kafka_topic_new(client, topic.c_str(), nullptr));
  const rd_kafka_metadata_t* answer = nullptr;
  if (rd_kafka_metadata(client, 0, handle.get(), &answer, timeout_ms) != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw std::runtime_error("metadata: expected an answer within 10 s, got none");
  kafka::metadata_ptr metadata(answer);
  return metadata->topic_cnt == 1 ? metadata->topics[0].partition_cnt : 0;
}

kafka::client_ptr make_reader(const std::string& bootstrap, const std::string& topic) {
  auto client = make_kafka_client(RD_KAFKA_CONSUMER,
                                  {{"bootstrap.servers", bootstrap},
                                   {"group.id", "bench"},
                                   {"enable.auto.commit", "false"},
                                   {"enable.auto.offset.store", "false"},
                                   {"isolation.level", "read_committed"},
                                   {"fetch.wait.max.ms", "100"}},
                                  0);
  rd_kafka_poll_set_consumer(client.get());
  const auto count = partition_count(client.get(), topic);
  kafka::partitions_ptr all(rd_kafka_topic_partition_list_new(std::max(count, 1)));
  for (std::int32_t i = 0; i < count; ++i)
    rd_kafka_topic_partition_list_add(all.get(), topic.c_str(), i)->offset = RD_KAFKA_OFFSET_BEGINNING;
  if (rd_kafka_assign(client.get(), all.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw std::runtime_error("assign: expected success, got an error");
  return client;
}

} // namespace reviews::bench
