// A vendor's page: rating, histogram, reviews by pages.

import { Problem, Unreachable, get_rating, get_reviews } from './api.js';
import { by_id, counted, el, number } from './dom.js';
import { review_card } from './review_card.js';
import { stars } from './stars.js';

const joined_max = 50;
const rating_pause_milliseconds = 250;

export class VendorPage {
  #root = by_id('vendor');
  #id = null;
  #summary = null;
  #list = null;
  #more = null;
  #said = null;
  #cursor = null;
  #joined = 0; // reviews that came in while one looked
  #is_rating_due = false;

  /** Shows that vendor; what comes in late of another one is dropped. */
  async open(id) {
    this.#id = id;
    this.#cursor = null;
    this.#joined = 0;
    this.#build(id);
    if (/^\.{1,2}$/.test(id)) { // a browser takes it out of the path
      this.#refuse('An address cannot hold this id: a browser takes one or two dots for a folder.');
      return;
    }
    await Promise.all([this.#show_rating(), this.#show_more()]);
  }

  close() {
    this.#id = null;
    this.#root.replaceChildren();
  }

  /** Tries what failed once more. */
  read_again() {
    for (const button of this.#root.querySelectorAll('.trouble button'))
      button.click();
  }

  /** A `review` event: on top when it is of this vendor. */
  heard({ review }) {
    if (review.vendor_id !== this.#id || this.#has(review))
      return;
    this.#joined += 1;
    if (this.#joined <= joined_max)
      this.#list.prepend(el('li', {}, review_card(review)));
    this.#said.textContent = this.#joined <= joined_max
      ? `New: ${review.rating} of 5 by ${review.author}.`
      : `${counted(this.#joined, 'new review')}: more than are shown here. Load the page again to see the newest.`;
    this.#rate_soon();
  }

  // Many reviews at once ask for one rating.
  #rate_soon() {
    if (this.#is_rating_due)
      return;
    this.#is_rating_due = true;
    setTimeout(() => {
      this.#is_rating_due = false;
      if (this.#id !== null)
        this.#show_rating();
    }, rating_pause_milliseconds);
  }

  #has(review) {
    return this.#list.querySelector(`[data-review="${review.review_id}"]`) !== null;
  }

  #build(id) {
    this.#summary = el('div', { class: 'summary', 'aria-busy': 'true' }, el('p', { class: 'empty' }, 'Reading the rating'));
    this.#list = el('ol', { class: 'reviews wide' });
    this.#said = el('p', { class: 'said', role: 'status' });
    this.#more = el('button', { type: 'button', class: 'quiet more', hidden: true }, 'More reviews');
    this.#more.addEventListener('click', () => this.#show_more(true));
    this.#root.replaceChildren(
      el('div', { class: 'vendor-head' },
        el('span', { class: 'monogram', 'aria-hidden': 'true' }, ([...id][0] ?? '?').toUpperCase()),
        el('div', {}, el('p', { class: 'over' }, 'Vendor'), el('h1', { tabindex: '-1' }, id)),
        el('a', { class: 'primary', href: `/?review=${encodeURIComponent(id)}` }, 'Write a review')),
      el('div', { class: 'vendor-body' },
        el('section', { class: 'card', 'aria-labelledby': 'rating-title' }, el('h2', { id: 'rating-title' }, 'Rating'), this.#summary),
        el('section', { 'aria-labelledby': 'reviews-title' }, el('h2', { id: 'reviews-title' }, 'Reviews'), this.#said, this.#list, this.#more)));
  }

  // What is no id has no rating, no reviews and takes none: one sentence instead.
  #refused(id, error) {
    const is_refused = error instanceof Problem && error.status === 422;
    if (is_refused && id === this.#id)
      this.#refuse('That is no vendor id: 1 to 64 letters, digits, dots, underscores or hyphens.');
    return is_refused;
  }

  #refuse(why) {
    this.#root.querySelector('.primary')?.remove();
    this.#root.querySelector('.vendor-body')?.replaceWith(el('p', { class: 'said', role: 'status' }, why));
  }

  async #show_rating() {
    const id = this.#id;
    const summary = this.#summary;
    let shown;
    try {
      shown = rating((await get_rating(id)).body);
    } catch (error) {
      if (this.#refused(id, error))
        return;
      shown = [trouble(error, 'The rating', () => this.#show_rating())];
    }
    if (id !== this.#id)
      return;
    summary.removeAttribute('aria-busy');
    summary.replaceChildren(...shown);
  }

  async #show_more(is_asked) {
    const id = this.#id;
    this.#more.disabled = true;
    try {
      const { body } = await get_reviews(id, this.#cursor);
      if (id === this.#id)
        this.#append(body, is_asked);
    } catch (error) {
      if (id === this.#id && !this.#refused(id, error))
        this.#said.replaceChildren(trouble(error, 'The reviews', () => this.#show_more(is_asked)));
    }
    this.#more.disabled = false;
  }

  #append({ reviews, next_cursor }, is_asked) {
    const items = reviews
      .filter((review) => !this.#has(review))
      .map((review) => el('li', {}, review_card(review)));
    this.#list.append(...items);
    this.#cursor = next_cursor;
    this.#more.hidden = !next_cursor;
    if (this.#list.children.length === 0)
      this.#said.textContent = 'Nobody has reviewed this vendor yet. Be the first.';
    else
      this.#said.textContent = is_asked ? `${counted(items.length, 'more review')}.` : '';
    if (is_asked && items.length > 0) {
      items[0].tabIndex = -1;
      items[0].focus();
    }
  }
}

function rating({ rating_count, rating_value, histogram }) {
  if (rating_count === 0)
    return [el('p', { class: 'empty' }, 'No stars yet.')];
  const bars = [5, 4, 3, 2, 1].map((star) => {
    const count = histogram[star];
    const filled = el('span', { class: 'filled' });
    filled.style.width = `${(count / rating_count) * 100}%`;
    return el('li', {}, el('span', { class: 'star' }, `${star}`, el('span', { class: 'unseen' }, ' stars:')),
      el('span', { class: 'bar-of', 'aria-hidden': 'true' }, filled),
      el('span', { class: 'bar-count' }, number(count)));
  });
  return [
    el('p', { class: 'big' }, el('b', {}, rating_value.toFixed(1)), stars(rating_value)),
    el('p', { class: 'hint' }, `${rating_value.toFixed(2)} of 5, from `, counted(rating_count, 'review')),
    el('ol', { class: 'histogram', reversed: true }, ...bars)];
}

function trouble(error, what, again) {
  let text = `${what} could not be read.`;
  if (error instanceof Unreachable)
    text = `${what} could not be read: no answer from the server.`;
  else if (error instanceof Problem && error.status === 503)
    text = `${what} cannot be read right now: the database is away. Posting goes on; reviews wait in Kafka.`;
  else if (error instanceof Problem)
    text = `${what} could not be read. ${error.message}`;
  const button = el('button', { type: 'button', class: 'quiet' }, 'Try again');
  button.addEventListener('click', again);
  return el('div', { class: 'trouble' }, el('p', {}, text), button);
}
