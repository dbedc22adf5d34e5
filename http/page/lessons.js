// A button that copies, beside every command of the lessons.

import { el } from './dom.js';

for (const command of document.querySelectorAll('pre.do')) {
  const button = el('button', { type: 'button', class: 'quiet copy' }, 'Copy');
  const said = el('span', { class: 'unseen', role: 'status' });
  const frame = el('div', { class: 'command' });
  command.before(frame);
  frame.append(command, button, said);
  button.addEventListener('click', async () => {
    const is_copied = await copy(command);
    button.textContent = is_copied ? 'Copied' : 'Selected';
    said.textContent = is_copied ? 'Copied' : 'Selected: copy it with the keyboard';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
}

// Only a page over https or of this machine may write to the clipboard; elsewhere the text is selected.
async function copy(command) {
  try {
    await navigator.clipboard.writeText(command.textContent.trim());
    return true;
  } catch {
    getSelection().selectAllChildren(command);
    return false;
  }
}
