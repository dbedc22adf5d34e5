#include "deploy/startup.hpp"

#include <chrono>
#include <utility>

namespace reviews {

startup_condition topic_condition(std::string name, producer_client_factory make_client) {
  return {std::move(name), [make_client = std::move(make_client)]() -> outcome<void> {
            auto client = make_client();
            if (!client)
              return client.error();
            auto count = (*client)->partition_count(std::chrono::seconds(5));
            return count ? outcome<void>() : outcome<void>(count.error());
          }};
}

child_spec make_startup_check(process& program, const supervision_params& retry,
                              std::vector<startup_condition> conditions, std::function<void()> on_all_met) {
  startup_check_setup setup;
  setup.conditions = std::move(conditions);
  setup.retry = retry;
  setup.on_met = [&program](const std::string& name) { program.ready().set(name, true); };
  setup.on_all_met = std::move(on_all_met);
  setup.on_refused = [&program](const failure&) { program.end_with(exit_status::unavailable); };
  return make_child("startup-check", "startup", false, make_address<startup_check_actor>(),
                    [setup](caf::actor_system& sys) -> startup_check_actor {
                      return sys.spawn<caf::detached>(startup_check, setup);
                    });
}

} // namespace reviews
