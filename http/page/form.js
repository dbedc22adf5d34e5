// The form: fields, counters, errors beside their fields, and what is kept over a reload.

import { by_id, el, number, say } from './dom.js';
import { keep, kept } from './kept.js';
import { fresh_key } from './outbox.js';
import { describe_choice } from './stars.js';

const texts = ['vendor_id', 'author', 'title', 'text'];
const fields = ['vendor_id', 'rating', 'author', 'title', 'text']; // in the order of the page
const kept_as = 'draft';

// What to do, before what the server says it expected.
const advice = {
  vendor_id: 'Name the vendor by its id.',
  rating: 'Give one to five stars.',
  author: 'Say who you are.',
  title: 'Shorten the title.',
  text: 'Shorten the review.',
};

const examples = [
  { vendor_id: 'cafe-uno', author: 'Ada', rating: '5', title: 'Like a good proof', text: 'Short, strong, nothing left over. The cortado is the best argument in town.' },
  { vendor_id: 'bike-garage', author: 'Grace', rating: '4', title: 'Found the bug', text: 'It was an actual bug, in the hub. Quick, friendly, honest about the price.' },
  { vendor_id: 'night-owl-books', author: 'José', rating: '5', title: 'Open when it matters', text: 'They had the one book I needed, at eleven at night. ☕ and a chair, too.' },
  { vendor_id: 'noodle-lab', author: '李小龍', rating: '3', title: '味道很好', text: 'Great broth, long queue. At least everybody is served in order.' },
  { vendor_id: 'plant-hospital', author: 'Zoë', rating: '5', title: 'My fern lives', text: 'Given up by everyone, back in a week.' },
];

const second_opinion = { author: 'Bea', rating: '4', title: 'Second opinion', text: 'I agree with the one before me. Mostly.' };

export class ReviewForm {
  #form = by_id('review');
  #result = by_id('result');
  #say_stars = describe_choice(by_id('rating'), by_id('stars-said'));
  #sent = null; // {json, key} of a review whose fate is not known
  #example = 0;

  /** @param on_vendor Told the vendor's id as it is typed. */
  constructor({ on_vendor }) {
    this.on_vendor = on_vendor;
    this.#form.addEventListener('input', ({ target }) => this.#changed(target.name));
    for (const id of ['example', 'other'])
      by_id(id).addEventListener('click', () => this.#fill_in(examples[this.#example++ % examples.length]));
    by_id('again').addEventListener('click', () => this.#fill_in({ ...second_opinion, vendor_id: this.vendor }));
    this.#restore();
  }

  on_submit(act) {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      act();
    });
  }

  get vendor() {
    return this.#form.vendor_id.value.trim();
  }

  set vendor(id) {
    this.#form.vendor_id.value = id;
    this.#changed('vendor_id');
  }

  /** The review as JSON, and its key: the same one until it is known to be stored or changed. */
  take() {
    const json = JSON.stringify(this.#read());
    if (this.#sent?.json !== json)
      this.#sent = { json, key: fresh_key() };
    this.#keep();
    return this.#sent;
  }

  /** While a review is under way: its fields stay as they are. */
  set is_busy(busy) {
    for (const name of texts)
      this.#form[name].readOnly = busy;
    for (const star of this.#form.rating)
      star.disabled = busy && !star.checked;
    for (const id of ['example', 'other', 'again'])
      by_id(id).disabled = busy;
    by_id('send').setAttribute('aria-disabled', busy);
    by_id('send').textContent = busy ? 'Sending' : 'Send review';
    by_id('stop').hidden = !busy;
  }

  get is_busy() {
    return by_id('send').getAttribute('aria-disabled') === 'true';
  }

  /** The review is in Kafka: an empty form for the next one, by the same author. */
  succeed() {
    this.#sent = null;
    for (const name of ['title', 'text'])
      this.#form[name].value = '';
    for (const star of this.#form.rating)
      star.checked = false;
    this.#show_all();
    this.#keep();
  }

  /** Puts a message beside the button; `kind`: `good`, `waiting` or `bad`. */
  tell(kind, ...message) {
    this.#result.dataset.kind = kind;
    this.#result.replaceChildren(...message);
  }

  /** Puts what a problem names beside its fields and goes to the first; the rest beside the button. */
  show_problem(problem) {
    this.clear_errors();
    const others = [];
    for (const { pointer, detail } of problem.errors) {
      const name = pointer.slice(1);
      if (fields.includes(name))
        this.#show_error(name, detail);
      else
        others.push(`${pointer}: ${detail}`);
    }
    const wrong = fields.filter((name) => !by_id(`${name}-error`).hidden);
    if (wrong.length > 0)
      this.tell('bad', `Not sent: ${wrong.length === 1 ? 'one field needs' : `${wrong.length} fields need`} another look.`, ...others.map((text) => el('span', {}, ` ${text}`)));
    else
      this.tell('bad', `Not sent. ${problem.message}`);
    this.#control(wrong[0])?.focus();
  }

  clear_errors() {
    for (const name of fields)
      this.#clear_error(name);
    this.tell('good');
  }

  #read() {
    const { vendor_id, author, title, text, rating } = this.#form;
    const review = { vendor_id: vendor_id.value.trim(), author: author.value };
    if (rating.value)
      review.rating = Number(rating.value);
    if (title.value)
      review.title = title.value;
    if (text.value)
      review.text = text.value;
    return review;
  }

  #fill_in(example) {
    for (const name of texts)
      this.#form[name].value = example[name];
    this.#form.rating.value = example.rating;
    this.clear_errors();
    this.#show_all();
    this.#keep();
    by_id('send').focus();
  }

  #changed(name) {
    this.#clear_error(name);
    this.#show_all();
    this.#keep();
  }

  #show_all() {
    for (const name of ['author', 'title', 'text'])
      show_count(by_id(`${name}-count`), this.#form[name].value);
    this.#say_stars();
    this.on_vendor(this.vendor);
  }

  #control(name) {
    return name === 'rating' ? this.#form.rating[0] : name && this.#form[name];
  }

  #show_error(name, detail) {
    const error = by_id(`${name}-error`);
    error.replaceChildren(el('b', {}, advice[name]), ` ${sentence(detail)}`);
    error.hidden = false;
    if (name === 'rating')
      by_id('rating').setAttribute('data-invalid', '');
    else
      this.#control(name).setAttribute('aria-invalid', 'true');
  }

  #clear_error(name) {
    if (!fields.includes(name))
      return;
    by_id(`${name}-error`).hidden = true;
    by_id('rating').toggleAttribute('data-invalid', name !== 'rating' && by_id('rating').hasAttribute('data-invalid'));
    if (name !== 'rating')
      this.#control(name).removeAttribute('aria-invalid');
  }

  #keep() {
    const values = Object.fromEntries([...texts, 'rating'].map((name) => [name, this.#form[name].value]));
    keep(kept_as, { values, sent: this.#sent });
  }

  #restore() {
    const { values = {}, sent = null } = kept(kept_as) ?? {};
    for (const [name, value] of Object.entries(values))
      this.#form[name].value = value;
    this.#sent = sent;
    this.#show_all();
    if (sent)
      this.tell('waiting', 'This review was sent, but its answer never came. Send it again: its key is kept, so it cannot be stored twice.');
  }
}

// Code points, as the server counts; not UTF-16's units.
function show_count(count, text) {
  const length = [...text].length;
  const max = Number(count.dataset.max);
  count.toggleAttribute('data-over', length > max);
  say(count, length === 0 ? '' : `${number(length)} of ${number(max)}`);
}

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;
