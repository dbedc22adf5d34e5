// The end of a partition's log, a cell a record: what is stored, what waits, what is yours.

import { el, number } from './dom.js';

const cell_pixels = 16;
const before_pixels = 56; // for how many records are not shown

export class Track {
  element = el('div', { class: 'track', 'aria-hidden': 'true' });

  #cells = new Map(); // offset -> element
  #before = el('span', { class: 'before' });
  #row = el('div', { class: 'cells' });
  #next = el('span', { class: 'cell', 'data-cell': 'next' });
  #room = 4; // cells; asking for the width at each event would lay the page out at each event
  #shown = null;
  #end = null;

  constructor() {
    this.#row.append(this.#next);
    this.element.append(this.#before, this.#row);
    new ResizeObserver(([{ contentRect }]) => {
      this.#room = Math.max(4, Math.floor((contentRect.width - before_pixels) / cell_pixels) - 1);
      if (this.#shown)
        this.show(...this.#shown);
    }).observe(this.element);
  }

  /**
   * @param partition As a pipeline event tells it.
   * @param mine Offsets of the reader's own reviews.
   */
  show({ log_start, log_end, stored }, mine = new Set()) {
    this.#shown = [{ log_start, log_end, stored }, mine];
    const first = Math.max(log_start, log_end - this.#room);
    const known_end = this.#end ?? log_end;
    this.#end = log_end;
    for (const [offset, cell] of this.#cells)
      if (offset < first || offset >= log_end)
        this.#drop(offset, cell);
    for (let offset = log_end - 1; offset >= first; offset -= 1) // from the end, so that each finds the one behind it
      this.#show_cell(offset, offset < stored ? 'stored' : 'waiting', mine.has(offset), offset >= known_end);
    this.#before.textContent = first > log_start ? `${number(first - log_start)} +` : '';
  }

  #drop(offset, cell) {
    cell.remove();
    this.#cells.delete(offset);
  }

  #show_cell(offset, state, is_mine, is_fresh) {
    let cell = this.#cells.get(offset);
    if (!cell) {
      cell = el('span', { class: is_fresh ? 'cell fresh' : 'cell', title: `offset ${offset}` });
      this.#cells.set(offset, cell);
      const after = this.#cells.get(offset + 1) ?? this.#next;
      after.before(cell);
    }
    cell.dataset.cell = state;
    cell.toggleAttribute('data-mine', is_mine);
  }
}
