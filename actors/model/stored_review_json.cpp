#include "actors/model/stored_review_json.hpp"

#include "actors/model/review_json.hpp"

namespace reviews {

void append_json(std::string& out, const stored_review& stored) {
  append_json(out, stored.what);
  out.back() = ','; // goes on where the record's object ended
  out += R"("stored_at":")";
  append_rfc3339(out, stored.stored_at);
  out.append(R"(","partition":)").append(std::to_string(stored.partition));
  out.append(R"(,"offset":)").append(std::to_string(stored.offset)).push_back('}');
}

} // namespace reviews
