#include "http/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

namespace reviews {

namespace {

constexpr int gzip_only = 15 + 16; // zlib.h, inflateInit2: the largest window, gzip's header
constexpr std::size_t growth_min = 4'096;

class inflater {
public:
  explicit inflater(std::string_view packed) {
    // zlib reads `next_in` only, its type predates const.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    if (inflateInit2(&stream_, gzip_only) != Z_OK)
      throw std::bad_alloc();
  }
  ~inflater() { inflateEnd(&stream_); }
  inflater(const inflater&) = delete;
  inflater& operator=(const inflater&) = delete;

  int run(std::string& out, std::size_t used) {
    stream_.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    stream_.avail_out = static_cast<uInt>(out.size() - used);
    return inflate(&stream_, Z_NO_FLUSH);
  }

  std::size_t free_out() const { return stream_.avail_out; }
  bool has_input() const { return stream_.avail_in > 0; }
  bool begin_next_member() { return inflateReset(&stream_) == Z_OK; }

private:
  z_stream stream_{};
};

} // namespace

gunzip_result gunzip(std::string_view packed, std::size_t bytes_max, std::string& out) {
  if (packed.size() > std::numeric_limits<uInt>::max())
    return gunzip_result::too_large;
  inflater source(packed);
  std::size_t used = 0;
  // One byte more than allowed tells "full" from "too large".
  const auto limit = std::min<std::size_t>(bytes_max, std::numeric_limits<uInt>::max() - 1) + 1;
  for (;;) {
    if (used == limit)
      return gunzip_result::too_large;
    out.resize(std::min(limit, std::max({out.capacity(), used * 2, packed.size() * 2, growth_min})));
    const int code = source.run(out, used);
    used = out.size() - source.free_out();
    if (used > bytes_max)
      return gunzip_result::too_large;
    if (code == Z_STREAM_END) {
      if (!source.has_input())
        break;
      if (!source.begin_next_member())
        return gunzip_result::corrupt;
    } else if (code != Z_OK || (source.free_out() > 0 && !source.has_input())) {
      return gunzip_result::corrupt;
    }
  }
  out.erase(used);
  return gunzip_result::ok;
}

std::string gzip(std::string_view text) {
  constexpr int memory_level_max = 9;
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_only, memory_level_max,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  std::string packed(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH); // one call is enough: the bound was asked for
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

} // namespace reviews
