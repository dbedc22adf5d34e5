// What outlives a reload of the tab. A browser may refuse to keep anything; then it is forgotten.

/** What was kept under that name; null when nothing was. */
export function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {
    return null;
  }
}

export function keep(name, value) {
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Nothing to be done: the page works, but for a reload.
  }
}

export function forget(name) {
  keep(name, null);
}
