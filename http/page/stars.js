// Stars: those that one gives (a radio group, so that keys, mouse and touch work as everywhere)
// and those that one sees.

import { el, icon } from './dom.js';

const words = ['', 'Poor', 'Fair', 'Good', 'Very good', 'Excellent'];

/** Says beside the radio group what the choice means; returns a function that says it anew. */
export function describe_choice(group, said) {
  const update = () => {
    const chosen = group.querySelector('input:checked');
    said.textContent = chosen ? words[chosen.value] : '';
  };
  group.addEventListener('change', update);
  return update;
}

/** Five stars, `value` (0..5, also 4.3) of them filled. */
export function stars(value) {
  const row = (kind) => el('span', { class: kind }, ...Array.from({ length: 5 }, () => icon('star')));
  const filled = row('filled');
  filled.style.width = `${(value / 5) * 100}%`;
  const text = `${Number.isInteger(value) ? value : value.toFixed(1)} out of 5 stars`;
  return el('span', { class: 'rated', role: 'img', 'aria-label': text }, row('hollow'), filled);
}
