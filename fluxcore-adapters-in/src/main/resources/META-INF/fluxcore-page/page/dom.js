// Elements are built of text and attributes, never of markup: what comes from the server is only ever text.

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else {
      set(element, name, value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An element: h('td', {class: 'number'}, 'text', …). */
export function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same of a drawing. */
export function s(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** Sets or, with null or false, takes away; leaves alone what is so already. */
export function set(element, name, value) {
  if (value === null || value === undefined || value === false) {
    if (element.hasAttribute(name)) {
      element.removeAttribute(name);
    }
  } else {
    const text = value === true ? '' : String(value);
    if (element.getAttribute(name) !== text) {
      element.setAttribute(name, text);
    }
  }
}

/** Sets the text, and what shows when the pointer rests on it. */
export function text(element, content, title) {
  if (element.textContent !== content) {
    element.textContent = content;
  }
  if (title !== undefined) {
    set(element, 'title', title);
  }
}

/**
 * Makes a parent's children those of the items, in their order. An item keeps its element as long as its key is there,
 * so that focus, selection and open menus survive.
 */
export function keyed(parent, items, keyOf, make, update) {
  const old = parent.keyedElements ?? new Map();
  const now = new Map();
  let place = parent.firstChild;
  for (const item of items) {
    const key = keyOf(item);
    const element = old.get(key) ?? make(item);
    old.delete(key);
    now.set(key, element);
    if (element === place) {
      place = place.nextSibling;
    } else {
      parent.insertBefore(element, place);
    }
    update(element, item);
  }
  old.forEach((element) => element.remove());
  parent.keyedElements = now;
}

/** Says it to who cannot see it. */
export function announce(message) {
  document.getElementById('announce').textContent = message;
}

/** The outcome of what the user just did. */
export function toast(message, tone = '') {
  const note = h('p', { class: 'toast ' + tone }, message);
  document.getElementById('toasts').append(note);
  setTimeout(() => note.remove(), 8000);
}

export async function copy(content) {
  try {
    await navigator.clipboard.writeText(content);
    toast('Copied.');
  } catch {
    toast('The browser does not let this page copy. Select the text instead.', 'failed');
  }
}

/** A line of a shell, with a button that copies it. */
export function command(line) {
  return h('p', { class: 'command' },
    h('code', {}, line),
    h('button', { type: 'button', class: 'quiet', onclick: () => copy(line), 'aria-label': 'Copy the command' }, 'Copy'));
}
