// A panel has four states: loading (a skeleton, only at first), there (and being refreshed), empty, and failed. What was
// there stays when a refresh fails, marked with the time of its last reading.

import { copy, h, set, text } from './dom.js';
import { Poll } from './api.js';
import { clock } from './format.js';

const SLOW_MILLIS = 300;

export class Panel {
  #title;
  #stale;
  #failure;
  #skeleton;
  #empty;
  #readAt = null;
  #poll = null;
  #closed = false;

  /** @param tools elements beside the title */
  constructor(id, title, tools = []) {
    this.#title = h('h2', { id: id + '-title' }, title);
    this.#stale = h('span', { class: 'stale', hidden: true });
    this.#failure = h('div', { class: 'failure', hidden: true });
    this.#skeleton = h('div', { class: 'skeleton', 'aria-hidden': 'true' }, h('i'), h('i'), h('i'));
    this.#empty = h('div', { class: 'empty', hidden: true });
    this.body = h('div', { class: 'body', hidden: true });
    this.element = h('section', { class: 'panel', id, 'aria-labelledby': id + '-title', 'aria-busy': 'true' },
      h('div', { class: 'refresh', 'aria-hidden': 'true' }),
      h('header', {}, this.#title, this.#stale, h('span', { class: 'spring' }), ...tools),
      this.#failure, this.#skeleton, this.#empty, this.body);
  }

  /**
   * Reads and shows, again and again.
   *
   * @param read gives what is to be shown
   * @param show puts it into the body, and returns what an empty panel says instead, or nothing
   */
  follow(read, show, everyMillis) {
    this.#poll = new Poll(async () => {
      const slow = setTimeout(() => this.element.classList.add('slow'), SLOW_MILLIS);
      try {
        const content = await read();
        if (!this.#closed) {
          this.#there(show(content));
        }
      } catch (problem) {
        if (!this.#closed) {
          this.#failed(problem);
        }
      } finally {
        clearTimeout(slow);
        this.element.classList.remove('slow');
      }
    }, everyMillis);
    return this;
  }

  again() {
    this.#poll?.now();
  }

  /** Nothing was read yet, as at first: other content is to be shown. */
  reset() {
    this.#readAt = null;
    this.#skeleton.hidden = false;
    this.body.hidden = true;
    this.#empty.hidden = true;
    this.again();
  }

  close() {
    this.#closed = true;
    this.#poll?.close();
  }

  #there(empty) {
    this.#readAt = Date.now();
    this.#skeleton.hidden = true;
    this.#failure.hidden = true;
    this.#stale.hidden = true;
    this.body.hidden = Boolean(empty);
    this.#empty.hidden = !empty;
    if (empty && this.#empty.says !== empty.says) {
      this.#empty.says = empty.says;
      this.#empty.replaceChildren(...empty.content);
    }
    set(this.element, 'aria-busy', null);
    set(this.element, 'data-state', empty ? 'empty' : 'there');
  }

  #failed(problem) {
    if (problem.report === undefined) {
      // A mistake of the page itself: it goes on, and says so where mistakes are looked for.
      console.error(problem);
    }
    this.#skeleton.hidden = true;
    set(this.element, 'aria-busy', null);
    set(this.element, 'data-state', 'failed');
    const had = this.#readAt !== null;
    this.#stale.hidden = !had;
    text(this.#stale, had ? `▲ stale since ${clock(this.#readAt)}` : '');
    if (this.#failure.hidden || this.#failure.says !== problem.message) {
      this.#failure.says = problem.message;
      this.#failure.replaceChildren(...this.#describe(problem));
      this.#failure.hidden = false;
    }
  }

  #describe(problem) {
    return [
      h('p', {}, h('strong', {}, '✕ ' + (problem.title ?? 'This panel cannot be shown')), ' ', problem.detail ?? problem.message),
      problem.hint ? h('p', { class: 'hint' }, problem.hint) : null,
      h('p', { class: 'buttons' },
        h('button', { type: 'button', onclick: () => this.again() }, 'Retry'),
        h('button', { type: 'button', class: 'quiet', onclick: () => copy(problem.report ?? String(problem)) }, 'Copy details'),
        problem.code ? h('code', {}, problem.code) : null),
    ].filter(Boolean);
  }
}

/** A table with a caption for who cannot see it. */
export function table(caption, columns) {
  const body = h('tbody');
  const element = h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    h('table', {},
      h('caption', { class: 'unseen' }, caption),
      h('thead', {}, h('tr', {}, ...columns.map((column) =>
        h('th', { scope: 'col', class: column.number ? 'number' : null, title: column.title }, column.label)))),
      body));
  return { element, body };
}
