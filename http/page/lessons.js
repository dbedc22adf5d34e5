// A button that copies, beside every command of the lessons.

import { el } from './dom.js';

const said_milliseconds = 2000;

for (const task of document.querySelectorAll('.do')) {
  const command = task.querySelector('pre');
  const button = el('button', { type: 'button', class: 'quiet copy' }, 'Copy');
  const said = el('span', { class: 'unseen', role: 'status' });
  task.append(button, said);
  button.addEventListener('click', async () => {
    const is_copied = await copy(command);
    button.textContent = is_copied ? 'Copied' : 'Selected';
    said.textContent = is_copied ? 'Copied' : 'Selected: copy it with the keyboard';
    setTimeout(() => { button.textContent = 'Copy'; }, said_milliseconds);
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
