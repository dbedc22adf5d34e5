#pragma once

#include "http/http_metrics.hpp"
#include "http/router.hpp"

namespace reviews {

/// Serves what `http/page` holds, as it was at build time: `GET /` (index.html),
/// `GET /lessons` (lessons.html), `GET /openapi.json` and `GET /page/{file}`
/// (style sheet, modules, icon).
///
/// Each file is packed once, here. It goes out gzipped to whom admits that
/// (`Vary: Accept-Encoding`), with a strong `ETag` a representation and
/// `Cache-Control: no-cache`; `If-None-Match` is answered 304, an `Accept` that
/// leaves out its type 406, an unknown file 404. A page comes with a
/// Content-Security-Policy that admits nothing but this host's own files.
/// @param metrics May be null.
void add_static_files(router& routes, http_metrics* metrics);

} // namespace reviews
