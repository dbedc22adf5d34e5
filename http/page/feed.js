// What was just stored, by whomever.

import { at_most_every, by_id, counted, el } from './dom.js';
import { review_card } from './review_card.js';

const shown_max = 12;
const pause_milliseconds = 500; // nobody reads faster, and a browser has other things to do

export class Feed {
  #list = by_id('feed');
  #fresh = []; // newest last, not yet shown
  #untold = 0; // those that were too many
  #show_soon = at_most_every(pause_milliseconds, () => this.#show());

  /** Shows a `review` event on top. */
  add({ review, skipped = 0 }) {
    this.#fresh.push(review);
    this.#untold += skipped;
    while (this.#fresh.length > shown_max) {
      this.#fresh.shift();
      this.#untold += 1;
    }
    this.#show_soon();
  }

  #show() {
    by_id('feed-empty').hidden = true;
    const items = this.#fresh.splice(0).reverse().map((review) => el('li', {}, review_card(review, { with_vendor: true })));
    if (this.#untold > 0)
      items.push(el('li', { class: 'skipped' }, `and ${counted(this.#untold, 'more review')}, too many to show each`));
    this.#untold = 0;
    this.#list.prepend(...items);
    while (this.#list.children.length > shown_max)
      this.#list.lastElementChild.remove();
  }
}
