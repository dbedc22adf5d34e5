// The stream of events. The browser connects again by itself; what it gives up on, or what falls
// silent without an error, is opened anew here.

const silent_seconds_max = 6; // a pipeline event comes every second
const connecting_seconds_max = 15; // then an attempt hangs
const pause_seconds_max = 30;

/** Dispatches `review` and `pipeline` (their data in `detail`) and `connection` (its state). */
export class Live extends EventTarget {
  /** `connecting`, `live`, `lost` or `offline`. */
  state = 'connecting';
  /** What the last `pipeline` event told; null before the first. */
  pipeline = null;

  #path;
  #source = null;
  #heard_at = 0;
  #failures = 0;
  #timer = 0;

  constructor(path) {
    super();
    this.#path = path;
    addEventListener('offline', () => this.#lose('offline'));
    addEventListener('online', () => this.#reopen());
    addEventListener('pagehide', () => this.#close());
    addEventListener('pageshow', (event) => event.persisted && this.#reopen());
    setInterval(() => this.#watch(), 1000);
  }

  start() {
    this.#reopen();
  }

  #reopen() {
    this.#close();
    const source = new EventSource(this.#path);
    this.#source = source;
    this.#heard_at = performance.now();
    source.addEventListener('open', () => this.#heard());
    source.addEventListener('error', () => this.#failed(source));
    for (const name of ['review', 'pipeline'])
      source.addEventListener(name, (event) => this.#pass_on(name, event.data));
  }

  #close() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #heard() {
    this.#heard_at = performance.now();
    this.#failures = 0;
    this.#become('live');
  }

  #pass_on(name, data) {
    this.#heard();
    const detail = JSON.parse(data);
    if (name === 'pipeline')
      this.pipeline = detail;
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #failed(source) {
    if (source !== this.#source)
      return;
    this.#become(navigator.onLine ? 'lost' : 'offline');
    if (source.readyState === EventSource.CLOSED) // an answer such as 503: the browser has given up
      this.#reopen_later();
  }

  #reopen_later() {
    this.#close();
    this.#failures += 1;
    const seconds = Math.min(2 ** this.#failures, pause_seconds_max);
    this.#timer = setTimeout(() => this.#reopen(), seconds * 1000);
  }

  #lose(state) {
    this.#close();
    this.#become(state);
  }

  #watch() {
    const seconds_max = this.state === 'live' ? silent_seconds_max : connecting_seconds_max;
    if (!this.#source || performance.now() - this.#heard_at < seconds_max * 1000)
      return;
    this.#become('lost');
    this.#reopen();
  }

  #become(state) {
    if (state === this.state)
      return;
    this.state = state;
    this.dispatchEvent(new CustomEvent('connection', { detail: state }));
  }
}
