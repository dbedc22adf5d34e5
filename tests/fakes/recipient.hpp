#pragma once

#include "actors/ports/review_intake.hpp"

#include <memory>
#include <utility>

namespace reviews::test {

/// A recipient that calls `then` with the results.
template <class Then>
std::shared_ptr<review_intake::recipient> call(Then then) {
  class caller : public review_intake::recipient {
  public:
    explicit caller(Then what) : then_(std::move(what)) {}
    void take(review_intake::results got) override { then_(std::move(got)); }

  private:
    Then then_;
  };
  return std::make_shared<caller>(std::move(then));
}

} // namespace reviews::test
