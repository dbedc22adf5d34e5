// Gets one review to the producer, however the network behaves. Every try carries the same
// Idempotency-Key, so a review whose answer was lost is not stored a second time.

import { Problem, Unreachable, post_review } from './api.js';

const pause_seconds_max = 10;
const tries_max = 100;

/** A key that no other form has. */
export function fresh_key() {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID needs https
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Resolves to `{status, body, tries, milliseconds}` once the producer has the review.
 * Rejects with a Problem that another try would not mend, or an AbortError.
 * @param wait Called before each try: for how many seconds the answer may be held back.
 * @param on_trouble Told before each pause: `{why: 'offline' | 'network' | 'busy' | 'unknown', seconds, tries}`.
 */
export async function deliver(json, { key, wait, signal, on_trouble }) {
  const began = performance.now();
  for (let tries = 1; ; tries += 1) {
    try {
      const { status, body } = await post_review(json, { key, wait: wait(), signal });
      return { status, body, tries, milliseconds: performance.now() - began };
    } catch (error) {
      const trouble = trouble_of(error, tries);
      if (!trouble || tries >= tries_max)
        throw error;
      on_trouble({ ...trouble, tries });
      await pause(trouble, signal);
    }
  }
}

function trouble_of(error, tries) {
  const growing = Math.min(2 ** (tries - 1), pause_seconds_max);
  if (error instanceof Unreachable)
    return navigator.onLine ? { why: 'network', seconds: growing } : { why: 'offline', seconds: 30 };
  if (!(error instanceof Problem))
    return null;
  if (error.status === 503 || error.status === 429)
    return { why: 'busy', seconds: error.retry_after ?? growing };
  return error.status === 502 || error.status === 504 ? { why: 'unknown', seconds: growing } : null;
}

// Over early when the network comes back.
function pause({ seconds }, signal) {
  return new Promise((resolve, reject) => {
    const end = (how) => () => {
      clearTimeout(timer);
      removeEventListener('online', over);
      signal.removeEventListener('abort', stopped);
      how();
    };
    const over = end(resolve);
    const stopped = end(() => reject(new DOMException('stopped', 'AbortError')));
    const timer = setTimeout(over, seconds * 1000);
    addEventListener('online', over);
    signal.addEventListener('abort', stopped);
    if (signal.aborted)
      stopped();
  });
}
