// What was just stored, by whomever.

import { by_id, counted, el } from './dom.js';
import { review_card } from './review_card.js';

const shown_max = 12;

export class Feed {
  #list = by_id('feed');
  #empty = by_id('feed-empty');

  /** Shows a `review` event on top. */
  add({ review, skipped = 0 }) {
    this.#empty.hidden = true;
    if (skipped > 0)
      this.#list.prepend(el('li', { class: 'skipped' }, `${counted(skipped, 'more review')} stored, too many to show each`));
    this.#list.prepend(el('li', {}, review_card(review, { with_vendor: true })));
    while (this.#list.children.length > shown_max)
      this.#list.lastElementChild.remove();
  }
}
