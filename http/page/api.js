// The producer's HTTP interface, as /openapi.json has it.

/** An answer of RFC 9457; `retry_after` in seconds, when the server named it. */
export class Problem extends Error {
  constructor(status, body, retry_after) {
    super(body.detail ?? body.title ?? `status ${status}`);
    this.status = status;
    this.errors = body.errors ?? [];
    this.retry_after = retry_after;
  }
}

/** No answer at all: the network or the server is away, or it took too long. */
export class Unreachable extends Error {}

const answer_seconds_max = 15;

/** One request. Resolves to `{status, body, headers}`; rejects with a Problem, an Unreachable or an AbortError. */
export async function call(path, { method = 'GET', headers = {}, body, signal } = {}) {
  const limit = AbortSignal.timeout(answer_seconds_max * 1000);
  let response;
  let text;
  try {
    const request = { method, headers: { accept: 'application/json', ...headers }, body };
    request.signal = signal ? either(signal, limit) : limit;
    response = await fetch(path, request);
    text = await response.text();
  } catch (error) {
    if (signal?.aborted)
      throw new DOMException('stopped', 'AbortError');
    throw new Unreachable(error.message);
  }
  const parsed = parse(text);
  if (response.ok && parsed !== null)
    return { status: response.status, body: parsed, headers: response.headers };
  throw new Problem(response.status, parsed ?? {}, seconds_of(response.headers.get('retry-after')));
}

/** A stored review; rejects with a Problem 404 until it is stored. */
export const get_review = (id) => call(`/v1/reviews/${encodeURIComponent(id)}`);

export const get_rating = (vendor) => call(`/v1/vendors/${encodeURIComponent(vendor)}/rating`);

export function get_reviews(vendor, cursor = null, limit = 10) {
  const query = new URLSearchParams({ limit });
  if (cursor)
    query.set('cursor', cursor);
  return call(`/v1/vendors/${encodeURIComponent(vendor)}/reviews?${query}`);
}

/** Posts the JSON text of a review. With `wait` the answer is held back until it is stored, that many seconds. */
export function post_review(json, { key, wait = 0, signal }) {
  const headers = { 'content-type': 'application/json', 'idempotency-key': `"${key}"` };
  if (wait > 0)
    headers.prefer = `wait=${wait}`;
  return call('/v1/reviews', { method: 'POST', headers, body: json, signal });
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function seconds_of(text) {
  const seconds = Number(text);
  return text !== null && Number.isFinite(seconds) ? seconds : null;
}

function either(one, other) {
  const both = new AbortController();
  for (const signal of [one, other]) {
    if (signal.aborted)
      both.abort();
    signal.addEventListener('abort', () => both.abort(), { once: true });
  }
  return both.signal;
}
