// The consumer group: who has which partitions. A partition that changes hands moves on screen.

import { by_id, counted, el, is_calm, same } from './dom.js';

const nobody = '';
const move_milliseconds = 700;

export class Group {
  #root = by_id('members');
  #tokens = new Map(); // partition -> element
  #shown = null;

  show({ partitions, consumers }) {
    const members = members_of(partitions, consumers);
    if (same(members, this.#shown))
      return;
    const is_first = this.#shown === null;
    this.#shown = members;
    const before = this.#places();
    this.#root.replaceChildren(...members.map((member) => this.#box(member)));
    if (!is_first && !is_calm())
      this.#glide(before);
  }

  #box({ name, letter, rebalances, has }) {
    const tokens = has.map((partition) => this.#token(partition));
    if (name === nobody)
      return el('div', { class: 'member', 'data-nobody': true },
        el('h4', {}, 'Nobody'),
        el('p', { class: 'tokens' }, ...tokens),
        el('p', { class: 'hint' }, 'No consumer reads these. Reviews wait safely in the log.'));
    return el('div', { class: 'member' },
      el('h4', {}, el('span', { class: 'letter' }, letter), name),
      has.length > 0 ? el('p', { class: 'tokens' }, ...tokens) : el('p', { class: 'hint' }, 'has no partition'),
      el('p', { class: 'hint' }, counted(rebalances, 'rebalance'), ' so far'));
  }

  #token(partition) {
    if (!this.#tokens.has(partition))
      this.#tokens.set(partition, el('span', { class: 'token' }, `P${partition}`));
    return this.#tokens.get(partition);
  }

  #places() {
    return new Map([...this.#tokens].map(([partition, token]) => [partition, token.getBoundingClientRect()]));
  }

  #glide(before) {
    for (const [partition, token] of this.#tokens) {
      const from = before.get(partition);
      const to = token.getBoundingClientRect();
      if (!from || from.width === 0 || (from.x === to.x && from.y === to.y))
        continue;
      const start = `translate(${from.x - to.x}px, ${from.y - to.y}px) scale(1.15)`;
      token.animate([{ transform: start }, { transform: 'none' }], { duration: move_milliseconds, easing: 'ease-in-out' });
    }
  }
}

/** Every consumer that reported, with a letter by the order of names; last whatever nobody has. */
export function members_of(partitions, consumers) {
  const owned_by = (name) =>
    partitions.filter((each) => (each.consumer ?? nobody) === name).map((each) => each.partition);
  const members = [...consumers]
    .sort((a, b) => (a.consumer < b.consumer ? -1 : 1))
    .map(({ consumer, rebalances }, index) => ({
      name: consumer, letter: letter_of(index), rebalances, has: owned_by(consumer),
    }));
  const orphans = owned_by(nobody);
  if (orphans.length > 0)
    members.push({ name: nobody, letter: '', rebalances: 0, has: orphans });
  return members;
}

const letter_of = (index) => String.fromCharCode(65 + (index % 26));
