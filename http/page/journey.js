// The journey of one review: six stages, each lit when it has really happened.

import { between, by_id, counted, el, say, span } from './dom.js';
import { keep, kept } from './kept.js';
import { work_out } from './partition_math.js';
import { Track } from './track.js';
import { why_it_waits } from './waiting.js';

const stages = ['request', 'partition', 'log', 'consumer', 'batch', 'row'];
const kept_as = 'journey';

export class Journey {
  #root = by_id('journey');
  #track = new Track();
  #current = null; // what is known of the review under way
  #pipeline = null;
  #mine;
  #on_stored;

  /**
   * @param mine Where the reader's own reviews are.
   * @param on_stored Told when a review that had to wait is stored.
   */
  constructor(mine, on_stored) {
    this.#mine = mine;
    this.#on_stored = on_stored;
    this.#current = kept(kept_as);
    if (this.#current)
      this.#resume();
  }

  /** The review that is in the log and not known to be stored: `{review_id, partition, offset, vendor_id}` or null. */
  get waiting() {
    return this.#current?.state === 'waiting' ? this.#current : null;
  }

  /** Before anything is sent: where a review of this vendor would go. */
  preview(vendor) {
    if (this.#current)
      return;
    this.#facts('partition', vendor ? work_out(vendor, this.#count()).working : null);
    this.#stage('partition', vendor ? 'preview' : 'idle');
  }

  begin(vendor_id, json, key) {
    this.#current = { state: 'sending', vendor_id, key, bytes: new TextEncoder().encode(json).length };
    this.#root.dataset.state = 'sending';
    by_id('spent').hidden = true;
    say(by_id('journey-total'), '');
    for (const name of stages)
      this.#clear(name);
    this.#show_request();
    this.#stage('request', 'active');
    this.#say('On its way to the producer.');
  }

  /** No answer for a while. */
  is_slow() {
    if (this.#current?.state === 'sending')
      this.#say('No answer yet. The producer holds it back for some seconds, so that it can say “stored” and not just “accepted”.');
  }

  /** Nothing came of it: as before the click. */
  abandon(text) {
    this.#current = null;
    this.#root.dataset.state = 'idle';
    for (const name of stages)
      this.#clear(name);
    this.#say(text);
  }

  /** The producer answered: 201 or 200 when it is stored, 202 when it is in the log. */
  answered({ body, milliseconds, tries }) {
    Object.assign(this.#current, body, { milliseconds, tries });
    this.#show_request();
    this.#stage('request', 'done', tries > 1 ? counted(tries, 'try').replace('trys', 'tries') : '');
    this.#show_log();
    if (body.status === 'stored')
      this.#stored(body);
    else
      this.#wait();
  }

  /** A `review` event; completes the journey when it is this review's. */
  heard({ review, ...way }) {
    if (this.waiting?.review_id === review.review_id)
      this.#stored({ ...way, stages: { taken_in_at: review.created_at, ...way } });
  }

  /** The row was read back though no event told of it. */
  found(review) {
    if (this.waiting?.review_id === review.review_id)
      this.#stored({ stages: { taken_in_at: review.created_at, committed_at: review.stored_at } });
  }

  /** A `pipeline` event. */
  show(pipeline) {
    const knew = this.#count();
    this.#pipeline = pipeline;
    if (!this.#current) {
      if (knew !== this.#count())
        this.preview(by_id('vendor_id').value.trim());
      return;
    }
    this.#show_track();
    if (this.waiting)
      this.#say_why();
  }

  #resume() {
    this.#show_request();
    this.#stage('request', 'done');
    this.#show_log();
    if (this.waiting)
      this.#wait();
    else
      this.#show_stored();
  }

  #count() {
    return this.#pipeline?.partitions.length ?? null;
  }

  #show_request() {
    const { bytes, key, review_id } = this.#current;
    this.#list('request', [
      ['request', el('code', {}, 'POST /v1/reviews')],
      ['size', counted(bytes, 'byte')],
      ['Idempotency-Key', el('code', { class: 'id' }, key), 'The same at every try, so a lost answer never makes two reviews.'],
      ['review_id', review_id && el('code', { class: 'id', 'data-fact': 'review_id' }, review_id)],
    ]);
  }

  #show_log() {
    const { vendor_id, partition, offset } = this.#current;
    this.#mine.add(partition, offset);
    const worked = work_out(vendor_id, this.#count());
    const agrees = worked.partition === partition;
    this.#facts('partition', worked.working, this.#count() && el('p', { class: 'check', 'data-agrees': agrees },
      agrees ? `Kafka’s answer says the same: partition ${partition}.` : `Kafka’s answer says partition ${partition}.`));
    this.#stage('partition', 'done');
    const there = this.#pipeline?.partitions.find((each) => each.partition === partition);
    this.#list('log', [
      ['partition', fact('partition', partition)],
      ['offset', fact('offset', offset)],
      ['leader', there && (there.leader < 0 ? 'none right now' : `broker ${there.leader}`)],
      ['copies', there && `${there.in_sync.length} of ${there.replicas.length} in sync`],
    ], this.#track.element);
    this.#stage('log', 'done');
    this.#show_track();
  }

  // Events come once a second; what this review itself proves is shown at once.
  #show_track() {
    const { partition, offset, state, batch } = this.#current;
    if (offset === undefined)
      return;
    const there = this.#pipeline?.partitions.find((each) => each.partition === partition)
      ?? { log_start: Math.max(0, offset - 8), log_end: 0, stored: offset };
    const stored = state === 'stored' ? Math.max(batch?.next_offset ?? offset + 1, there.stored) : there.stored;
    this.#track.show({ ...there, log_end: Math.max(there.log_end, offset + 1), stored }, this.#mine.of(partition));
  }

  #wait() {
    this.#current.state = 'waiting';
    this.#root.dataset.state = 'waiting';
    keep(kept_as, this.#current);
    this.#stage('consumer', 'waiting', 'waiting');
    this.#say_why();
  }

  #say_why() {
    const { partition, offset } = this.#current;
    const there = this.#pipeline?.partitions.find((each) => each.partition === partition);
    this.#say(why_it_waits(this.#pipeline, there, { partition, offset }));
    this.#list('consumer', [['consumer', there?.consumer ?? 'none'], ['state', there?.state]]);
  }

  #stored(way) {
    const was_waiting = this.#current.state === 'waiting';
    Object.assign(this.#current, { state: 'stored', batch: way.batch, way, was_waiting });
    keep(kept_as, this.#current);
    this.#show_stored();
    if (was_waiting)
      this.#on_stored(this.#current);
  }

  #show_stored() {
    const { way, was_waiting } = this.#current;
    const { stages: times = {}, consumer, actor, writer, batch, duplicate, consumed_at, committed_at } = way;
    this.#root.dataset.state = 'stored';
    const { taken_in_at, acknowledged_at } = times;
    const consumed = times.consumed_at ?? consumed_at;
    const committed = times.committed_at ?? committed_at;
    this.#list('consumer', [
      ['consumer', consumer && fact('consumer', consumer)],
      ['actor', actor && fact('actor', actor), 'The part of the program that has this partition.'],
    ]);
    this.#list('batch', batch ? [
      ['offsets', el('span', {}, fact('from_offset', batch.from_offset), ' to ', fact('last_offset', batch.next_offset - 1))],
      ['rows', fact('rows', batch.rows)],
      ['written by', writer && fact('writer', writer)],
    ] : [['written by', writer && fact('writer', writer)]]);
    this.#show_row(batch);
    const spent = spent_times({ taken_in_at, acknowledged_at, consumed, committed, milliseconds: was_waiting ? null : this.#current.milliseconds });
    this.#stage('log', 'done', took(spent.log));
    this.#stage('consumer', 'done', took(spent.consumer));
    this.#stage('batch', 'done');
    this.#stage('row', 'done', took(spent.row));
    if (this.#current.tries === 1)
      this.#stage('request', 'done', took(spent.request));
    this.#show_spent(spent);
    this.#show_track();
    this.#say_stored({ was_waiting, duplicate, taken_in_at, committed });
  }

  #show_row(batch) {
    const { review_id, vendor_id } = this.#current;
    this.#list('row', [
      ['table', el('code', {}, 'reviews')],
      ['next offset', batch && fact('next_offset', batch.next_offset), 'Saved with the row. A new consumer would begin there.'],
      ['read it back', el('a', { href: `/v1/reviews/${review_id}`, target: '_blank', rel: 'noopener' }, 'as JSON')],
      ['vendor', el('a', { href: `/?vendor=${encodeURIComponent(vendor_id)}` }, `all of ${vendor_id}`)],
    ]);
  }

  #say_stored({ was_waiting, duplicate, taken_in_at, committed }) {
    const { milliseconds } = this.#current;
    const waited = taken_in_at && committed ? between(taken_in_at, committed) : null;
    const time = was_waiting ? waited : milliseconds;
    say(by_id('journey-total'), time === null ? '' : span(time));
    if (duplicate)
      this.#say('It was stored already: Kafka has it twice now, Postgres keeps the first. That is what the key is for.');
    else if (was_waiting)
      this.#say(waited === null ? 'Stored.' : `Stored. It waited in the log and was a row ${span(waited)} after the producer took it in. Nothing was lost.`);
    else
      this.#say(`Stored, ${span(milliseconds)} after your click. Here is what happened in that time.`);
  }

  // Where the time went, as a bar.
  #show_spent(spent) {
    const parts = [['browser and network', spent.request], ['into the log', spent.log], ['to the consumer', spent.consumer], ['into Postgres', spent.row]]
      .filter(([, milliseconds]) => milliseconds !== null);
    const bar = by_id('spent');
    bar.hidden = parts.length < 2;
    bar.replaceChildren(...parts.map(([name, milliseconds], index) => {
      const part = el('div', { class: 'part', 'data-part': index }, el('span', {}, name), ' ', el('b', {}, span(milliseconds)));
      part.style.flexGrow = Math.max(milliseconds, 0.01);
      return part;
    }));
  }

  #item(name) {
    return this.#root.querySelector(`[data-stage=${name}]`);
  }

  #stage(name, state, took_text) {
    this.#item(name).dataset.state = state;
    if (took_text !== undefined)
      say(this.#item(name).querySelector('.took'), took_text);
  }

  #clear(name) {
    this.#stage(name, 'idle', '');
    this.#facts(name);
  }

  #facts(name, ...nodes) {
    this.#item(name).querySelector('.facts').replaceChildren(...nodes.filter(Boolean));
  }

  #list(name, facts, ...more) {
    const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== false && value !== '');
    this.#facts(name, el('dl', {}, ...known.map(([term, value, why]) =>
      el('div', {}, el('dt', {}, term), el('dd', {}, value, why ? el('small', {}, why) : null)))), ...more);
  }

  #say(text) {
    say(by_id('journey-said'), text);
  }
}

const fact = (name, value) => el('b', { 'data-fact': name }, typeof value === 'number' ? `${value}` : value);

const took = (milliseconds) => (milliseconds === null ? '' : `+${span(milliseconds)}`);

// The consumer's clock may differ a little from the producer's: no step takes less than nothing.
function spent_times({ taken_in_at, acknowledged_at, consumed, committed, milliseconds }) {
  const step = (from, to) => (from && to ? Math.max(0, between(from, to)) : null);
  const inside = step(taken_in_at, committed);
  return {
    request: milliseconds !== null && inside !== null ? Math.max(0, milliseconds - inside) : null,
    log: step(taken_in_at, acknowledged_at),
    consumer: step(acknowledged_at ?? taken_in_at, consumed),
    row: step(consumed ?? acknowledged_at ?? taken_in_at, committed),
  };
}
