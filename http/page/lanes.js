// All partitions, live: log end, stored offset, lag, and who reads.

import { by_id, el, number, same, say } from './dom.js';
import { members_of } from './group.js';
import { Track } from './track.js';

const state_words = {
  paused: 'paused', stopped: 'stopped', starting: 'starting', unassigned: 'nobody reads',
};

/** The reader's own reviews of this visit: partition -> offsets. Bounded. */
export class Mine {
  #offsets = new Map();
  #kept_max = 200;

  add(partition, offset) {
    const offsets = this.of(partition);
    offsets.add(offset);
    if (offsets.size > this.#kept_max)
      offsets.delete(offsets.values().next().value);
    this.#offsets.set(partition, offsets);
  }

  of(partition) {
    return this.#offsets.get(partition) ?? new Set();
  }
}

export class Lanes {
  #root = by_id('lanes');
  #lanes = new Map();
  #mine;

  constructor(mine) {
    this.#mine = mine;
  }

  show(pipeline) {
    by_id('lanes-empty').hidden = true;
    say(by_id('topic-name'), pipeline.topic);
    const letters = new Map(members_of(pipeline.partitions, pipeline.consumers).map((m) => [m.name, m.letter]));
    for (const partition of pipeline.partitions)
      this.#lane(partition.partition).show(partition, letters, this.#mine.of(partition.partition));
    show_rates(pipeline);
  }

  /** Draws the eye to the partition that a vendor's reviews go to; null: to none. */
  point_at(partition) {
    for (const [number_, lane] of this.#lanes)
      lane.element.toggleAttribute('data-target', number_ === partition);
  }

  #lane(number_) {
    if (!this.#lanes.has(number_)) {
      const lane = new Lane(number_);
      this.#lanes.set(number_, lane);
      this.#root.append(lane.element);
    }
    return this.#lanes.get(number_);
  }
}

class Lane {
  #track = new Track();
  #fact = (name) => el('dd', { class: 'fact', 'data-fact': name });
  #end = this.#fact('end');
  #stored = this.#fact('stored');
  #lag = this.#fact('lag');
  #reader = el('dd', { class: 'reader' });
  #copies = el('span', { class: 'copies' });
  #shown_reader = null;

  constructor(number_) {
    const pair = (name, value) => el('div', {}, el('dt', {}, name), value);
    this.element = el('li', { class: 'lane', 'data-partition': number_ },
      el('p', { class: 'name' }, el('b', {}, el('span', { class: 'unseen' }, 'Partition '), `P${number_}`), this.#copies),
      this.#track.element,
      el('dl', {}, pair('Log end', this.#end), pair('Stored', this.#stored), pair('Lag', this.#lag), pair('Read by', this.#reader)));
  }

  show(partition, letters, mine) {
    this.element.dataset.state = partition.state;
    this.element.toggleAttribute('data-lagging', partition.lag > 0);
    say(this.#end, number(partition.log_end));
    say(this.#stored, number(partition.stored));
    say(this.#lag, number(partition.lag));
    const copies = partition.replicas.length;
    say(this.#copies, copies > 1 ? `${partition.in_sync.length} of ${copies} copies` : '');
    this.#show_reader(partition, letters.get(partition.consumer) ?? '');
    this.#track.show(partition, mine);
  }

  #show_reader({ actor, consumer, state, reason }, letter) {
    const now = { actor, consumer, state, reason, letter };
    if (same(now, this.#shown_reader))
      return;
    this.#shown_reader = now;
    const words = state === 'running' ? actor : el('span', { class: 'state' }, state_words[state] ?? state);
    this.#reader.replaceChildren(...(consumer ? [el('span', { class: 'letter', title: consumer }, letter), ' '] : []), words ?? '');
    this.#reader.title = reason || consumer || '';
  }
}

function show_rates({ rates, listeners, database, kafka }) {
  const parts = [`${number(Math.round(rates.published_per_second))}/s into the log`,
    `${number(Math.round(rates.stored_per_second))}/s into Postgres`,
    `${number(listeners)} watching`];
  if (kafka === 'unreachable')
    parts.unshift('Kafka out of reach');
  if (database === 'unreachable')
    parts.unshift('Postgres out of reach');
  say(by_id('rates'), parts.join(' · '));
}
