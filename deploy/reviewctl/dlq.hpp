#pragma once

#include "deploy/reviewctl/command.hpp"
#include "deploy/reviewctl/dead_letter_filter.hpp"
#include "deploy/reviewctl/servers.hpp"

#include <cstddef>
#include <optional>

namespace reviews::ctl {

/// What the verbs of `dlq` are given; each reads what concerns it.
struct dlq_options {
  server_options servers;
  dead_letter_filter filter;
  std::size_t letters_max = 1'000'000'000;
  std::size_t bytes_max = 4'096;
  std::optional<double> rate; ///< Replayed records a second.
  bool all_of_them = false;
  bool is_dry_run = false;
  bool as_json = false;
};

/// `dlq replay`: writes the chosen letters to the topic once more, then marks them.
int replay_letters(const dlq_options& options, std::FILE* results);

/// `dlq drop`: marks the chosen letters.
int drop_letters(const dlq_options& options, std::FILE* results);

} // namespace reviews::ctl
