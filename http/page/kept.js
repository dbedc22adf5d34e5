// What outlives a reload of the tab. Where the browser keeps nothing, or something else, there is nothing.

/** Keeps a value that JSON can say under a name; null forgets it. */
export function keep(name, value) {
  try {
    if (value === null)
      sessionStorage.removeItem(name);
    else
      sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Storage is forbidden or full: the page works without.
  }
}

/** What was kept under that name, or null. */
export function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {
    return null;
  }
}
