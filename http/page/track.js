// The end of a partition's log, a cell a record: what is stored, what waits, what is yours.

import { el, number } from './dom.js';

const cell_pixels = 16;

export class Track {
  element = el('div', { class: 'track', 'aria-hidden': 'true' });

  #cells = new Map(); // offset -> element
  #before = el('span', { class: 'before' });
  #row = el('div', { class: 'cells' });
  #next = el('span', { class: 'cell', 'data-cell': 'next' });

  constructor() {
    this.#row.append(this.#next);
    this.element.append(this.#before, this.#row);
  }

  /**
   * @param partition As a pipeline event tells it.
   * @param mine Offsets of the reader's own reviews.
   */
  show({ log_start, log_end, stored }, mine = new Set()) {
    const room = Math.max(4, Math.floor((this.element.clientWidth - 64) / cell_pixels) - 1);
    const first = Math.max(log_start, log_end - room);
    const is_new_here = this.#cells.size === 0;
    for (const [offset, cell] of this.#cells)
      if (offset < first || offset >= log_end)
        this.#drop(offset, cell);
    for (let offset = log_end - 1; offset >= first; offset -= 1) // from the end, so that each finds the one behind it
      this.#show_cell(offset, offset < stored ? 'stored' : 'waiting', mine.has(offset), is_new_here);
    this.#before.textContent = first > log_start ? `${number(first - log_start)} +` : '';
  }

  #drop(offset, cell) {
    cell.remove();
    this.#cells.delete(offset);
  }

  #show_cell(offset, state, is_mine, is_old) {
    let cell = this.#cells.get(offset);
    if (!cell) {
      cell = el('span', { class: is_old ? 'cell' : 'cell fresh', title: `offset ${offset}` });
      this.#cells.set(offset, cell);
      const after = this.#cells.get(offset + 1) ?? this.#next;
      after.before(cell);
    }
    cell.dataset.cell = state;
    cell.toggleAttribute('data-mine', is_mine);
  }
}
