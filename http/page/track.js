// The end of a partition's log, a cell a record: what is stored, what waits, what is yours.

import { el, number } from './dom.js';

const cell_pixels = 16;
const next_pixels = 24; // the dashed cell and the gap
const digit_pixels = 8;

export class Track {
  element = el('div', { class: 'track', 'aria-hidden': 'true' });

  #cells = new Map(); // offset -> element
  #before = el('span', { class: 'before' });
  #row = el('div', { class: 'cells' });
  #next = el('span', { class: 'cell', 'data-cell': 'next' });
  #width = 0; // 0: out of sight
  #partition = null;
  #mine = new Set();
  #known_end = Infinity; // what lies before it is no news

  constructor() {
    this.#row.append(this.#next);
    this.element.append(this.#before, this.#row);
    new ResizeObserver(([{ contentRect }]) => {
      this.#width = contentRect.width;
      this.#draw();
    }).observe(this.element);
  }

  /**
   * @param partition As a pipeline event tells it.
   * @param mine Offsets of the reader's own reviews.
   */
  show(partition, mine = new Set()) {
    if (partition.partition !== this.#partition?.partition)
      this.#known_end = Infinity;
    this.#partition = partition;
    this.#mine = mine;
    this.#draw();
  }

  // The width is remembered: to ask for it while others are drawn has the browser lay out the page each time.
  #draw() {
    if (!this.#partition || this.#width === 0)
      return;
    const { log_start, log_end, stored } = this.#partition;
    const count_pixels = count_before(log_end).length * digit_pixels;
    const room = Math.max(4, Math.floor((this.#width - next_pixels - count_pixels) / cell_pixels));
    const first = Math.max(log_start, log_end - room);
    for (const [offset, cell] of this.#cells)
      if (offset < first || offset >= log_end)
        this.#drop(offset, cell);
    for (let offset = log_end - 1; offset >= first; offset -= 1) // from the end, so that each finds the one behind it
      this.#show_cell(offset, offset < stored ? 'stored' : 'waiting');
    this.#before.textContent = first > log_start ? count_before(first - log_start) : '';
    this.#known_end = log_end;
  }

  #drop(offset, cell) {
    cell.remove();
    this.#cells.delete(offset);
  }

  #show_cell(offset, state) {
    let cell = this.#cells.get(offset);
    if (!cell) {
      cell = el('span', { class: offset < this.#known_end ? 'cell' : 'cell fresh', title: `offset ${offset}` });
      this.#cells.set(offset, cell);
      const after = this.#cells.get(offset + 1) ?? this.#next;
      after.before(cell);
    }
    cell.dataset.cell = state;
    cell.toggleAttribute('data-mine', this.#mine.has(offset));
  }
}

const count_before = (records) => `${number(records)} +`;
