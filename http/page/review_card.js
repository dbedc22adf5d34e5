// A stored review as an article.

import { el, moment, number } from './dom.js';
import { stars } from './stars.js';

/** `heading`: the level of the title; `with_vendor`: whether to name the vendor, too. */
export function review_card(review, { heading = 3, with_vendor = false } = {}) {
  const title = el(`h${heading}`, { dir: 'auto' }, review.title || `${review.author} gave ${review.rating} of 5`);
  const by = el('p', { class: 'by' }, el('b', { dir: 'auto' }, review.author));
  if (with_vendor)
    by.append(' on ', el('a', { href: `/?vendor=${encodeURIComponent(review.vendor_id)}` }, review.vendor_id));
  by.append(' · ', moment(review.created_at));
  const place = el('p', { class: 'place', title: 'Where it is in Kafka' },
    `partition ${review.partition} · offset ${number(review.offset)}`);
  return el('article', { class: 'review', 'data-review': review.review_id },
    el('div', { class: 'review-head' }, stars(review.rating), place),
    title,
    review.text ? el('p', { class: 'text', dir: 'auto' }, review.text) : null,
    by);
}
