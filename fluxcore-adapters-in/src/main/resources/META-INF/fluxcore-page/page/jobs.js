// The list of jobs. Filter and order are in the URL.

import { get, jobPath, now, Poll } from './api.js';
import { announce, command, h, keyed, set, text } from './dom.js';
import { ago, ALL_STATES, duration, exact, fullTime, isOver, NONE, percent, si, stateOf } from './format.js';
import { Panel } from './panel.js';
import { figuresOf } from './figures.js';

const LIMIT = 500;
/** Jobs whose measurements are read in one turn; the others have theirs in the next turns. */
const MEASURED_AT_ONCE = 20;

const COLUMNS = [
  { key: 'name', label: 'Name', of: (job) => job.name.toLowerCase() },
  { key: 'state', label: 'State', of: (job) => ALL_STATES.indexOf(job.state) },
  { key: 'uptime', label: 'Uptime', number: true, title: 'since all its parts run', of: (job) => job.figures?.uptimeMs ?? -1 },
  { key: 'rate', label: 'Rows in/s', number: true, title: 'rows that its sources read, per second', of: (job) => job.figures?.rowsInPerSecond ?? -1 },
  { key: 'lag', label: 'Lag', number: true, title: 'the clock less the watermark that is furthest behind', of: (job) => job.figures?.lagMs ?? -1 },
  { key: 'busy', label: 'Busy', number: true, title: 'share of the time that its busiest stage works', of: (job) => job.figures?.busyPerMille ?? -1 },
  { key: 'pressure', label: 'Back-pressure', number: true, title: 'share of the time that the stage which suffers most waits to send', of: (job) => job.figures?.backPressuredPerMille ?? -1 },
  { key: 'submitted', label: 'Submitted', number: true, of: (job) => Date.parse(job.submittedAt) },
];

export class JobsView {
  #route;
  #panel;
  #rows;
  #jobs = [];
  #figures = new Map();
  #turn = 0;
  #poll;
  #filter;
  #state;
  #count;
  #states = new Map();

  constructor(route) {
    this.#route = route;
    this.#filter = h('input', {
      type: 'search', id: 'filter', placeholder: 'name or id', value: route.query.get('q') ?? '', autocomplete: 'off', spellcheck: 'false',
      oninput: () => this.#change({ q: this.#filter.value }),
    });
    this.#state = h('select', { onchange: () => this.#change({ state: this.#state.value }) },
      h('option', { value: '' }, 'any'),
      ...ALL_STATES.map((state) => h('option', { value: state }, stateOf(state).symbol + ' ' + stateOf(state).word)));
    this.#state.value = route.query.get('state') ?? '';
    this.#count = h('span', { class: 'count' });
    this.#panel = new Panel('jobs', 'Jobs', [this.#count]);
    this.#rows = h('tbody');
    this.#panel.body.append(
      h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Jobs' },
        h('table', { class: 'jobs' },
          h('caption', { class: 'unseen' }, 'Jobs of this server'),
          h('thead', {}, h('tr', {}, ...COLUMNS.map((column) => this.#head(column)))),
          this.#rows)));
    this.element = h('div', { class: 'page' },
      h('h1', { class: 'unseen' }, 'Jobs'),
      h('form', { class: 'filters', role: 'search', onsubmit: (event) => event.preventDefault() },
        h('label', { class: 'field' }, 'Filter ', this.#filter, h('kbd', { 'aria-hidden': 'true' }, '/')),
        h('label', { class: 'field' }, 'State ', this.#state)),
      this.#panel.element);
    this.#panel.follow(() => this.#read(), (page) => this.#show(page), 1000);
    this.#poll = new Poll(() => this.#measure(), 1000);
  }

  crumbs() {
    return [['Jobs', '#/jobs']];
  }

  close() {
    this.#panel.close();
    this.#poll.close();
  }

  focusFilter() {
    this.#filter.focus();
    this.#filter.select();
  }

  /** Moves to the next or last row. */
  step(by) {
    const links = [...this.#rows.querySelectorAll('a')];
    const at = links.indexOf(document.activeElement);
    links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
  }

  escape() {
    if (this.#filter.value || this.#state.value) {
      this.#clear();
    }
  }

  #clear() {
    this.#filter.value = '';
    this.#state.value = '';
    this.#change({ q: '', state: '' });
  }

  #change(parameters) {
    this.#route.set(parameters);
    this.#panel.again();
  }

  get #sort() {
    const sort = this.#route.query.get('sort') ?? '-submitted';
    return { key: sort.replace(/^-/, ''), down: sort.startsWith('-') };
  }

  #head(column) {
    const button = h('button', { type: 'button', class: 'sort', title: column.title, onclick: () => {
      const { key, down } = this.#sort;
      const downFirst = Boolean(column.number);
      const nextDown = key === column.key ? !down : downFirst;
      this.#route.set({ sort: (nextDown ? '-' : '') + column.key });
      this.#draw();
    } }, column.label);
    column.cell = h('th', { scope: 'col', class: column.number ? 'number' : null }, button);
    return column.cell;
  }

  async #read() {
    const asked = { q: this.#filter.value.trim(), state: this.#state.value };
    const page = await get('jobs', { ...asked, limit: LIMIT });
    return { ...page, asked };
  }

  #show(page) {
    const changed = page.items
      .filter((job) => this.#states.has(job.id) && this.#states.get(job.id) !== job.state)
      .map((job) => `Job ${job.name} is now ${stateOf(job.state).word}.`);
    if (changed.length > 0) {
      announce(changed.join(' '));
    }
    this.#states = new Map(page.items.map((job) => [job.id, job.state]));
    this.#jobs = page.items;
    text(this.#count, page.items.length < page.total
      ? `${page.items.length} of ${exact(page.total)} jobs; narrow the filter to see the others`
      : page.total === 1 ? '1 job' : `${exact(page.total)} jobs`);
    this.#draw();
    return page.items.length > 0 ? null : this.#empty(page.asked);
  }

  #empty({ q, state }) {
    if (q || state) {
      return { says: 'filter', content: [
        h('p', {}, 'No job matches the filter.'),
        h('p', {}, h('button', { type: 'button', onclick: () => this.#clear() }, 'Clear the filter')),
      ] };
    }
    return { says: 'none', content: [
      h('p', {}, h('strong', {}, 'No job yet. '), 'A job is a topology of sources, windows and sinks that this server runs. Submit a job file:'),
      command(`curl --data-binary @job.yaml -H 'Content-Type: application/yaml' ${new URL('api/v1/jobs', document.baseURI)}`),
      h('p', { class: 'hint' }, 'Or start the server with two jobs of its own:'),
      command('bin/fluxcore server start --demo'),
    ] };
  }

  /** The measurements of running jobs, some in each turn. */
  async #measure() {
    const running = this.#jobs.filter((job) => !isOver(job.state));
    const from = running.length > MEASURED_AT_ONCE ? this.#turn % running.length : 0;
    const part = [...running.slice(from), ...running.slice(0, from)].slice(0, MEASURED_AT_ONCE);
    this.#turn = from + part.length;
    await Promise.all(part.map(async (job) => {
      try {
        this.#figures.set(job.id, figuresOf(await get(jobPath(job.id, 'metrics'))));
      } catch {
        // The list itself says that the server does not answer; the job's cells are unknown.
        this.#figures.delete(job.id);
      }
    }));
    this.#draw();
  }

  #draw() {
    const { key, down } = this.#sort;
    const column = COLUMNS.find((c) => c.key === key) ?? COLUMNS[0];
    for (const c of COLUMNS) {
      set(c.cell, 'aria-sort', c === column ? (down ? 'descending' : 'ascending') : null);
    }
    const jobs = this.#jobs.map((job) => ({ ...job, figures: isOver(job.state) ? null : this.#figures.get(job.id) }));
    jobs.sort((a, b) => {
      const x = column.of(a);
      const y = column.of(b);
      const order = x < y ? -1 : x > y ? 1 : 0;
      return (down ? -order : order) || a.name.localeCompare(b.name) || a.id.localeCompare(b.id);
    });
    keyed(this.#rows, jobs, (job) => job.id, makeRow, updateRow);
  }
}

function makeRow(job) {
  const row = h('tr', { 'data-job': job.name });
  row.cells2 = {
    name: h('a', { href: '#/jobs/' + encodeURIComponent(job.id) }, job.name),
    state: h('span', { class: 'state' }),
    uptime: h('td', { class: 'number' }),
    rate: h('td', { class: 'number' }),
    lag: h('td', { class: 'number' }),
    busy: h('td', { class: 'number' }),
    pressure: h('td', { class: 'number' }),
    submitted: h('td', { class: 'number' }),
  };
  const cells = row.cells2;
  row.append(h('th', { scope: 'row' }, cells.name), h('td', {}, cells.state),
    cells.uptime, cells.rate, cells.lag, cells.busy, cells.pressure, cells.submitted);
  return row;
}

function updateRow(row, job) {
  const cells = row.cells2;
  const figures = job.figures ?? {};
  showState(cells.state, job.state);
  text(cells.uptime, duration(figures.uptimeMs), figures.runningSince ? 'since ' + fullTime(figures.runningSince) : '');
  text(cells.rate, si(figures.rowsInPerSecond), exact(figures.rowsInPerSecond, 'rows/s'));
  text(cells.lag, duration(figures.lagMs), exact(figures.lagMs, 'ms'));
  text(cells.busy, percent(figures.busyPerMille), exact(figures.busyPerMille, '‰'));
  text(cells.pressure, percent(figures.backPressuredPerMille), exact(figures.backPressuredPerMille, '‰'));
  text(cells.submitted, job.submittedAt ? ago(job.submittedAt, now()) : NONE, fullTime(job.submittedAt));
}

/** A symbol and a word; the colour only repeats them. */
export function showState(element, state) {
  const { symbol, tone, word } = stateOf(state);
  set(element, 'class', 'state ' + tone);
  if (element.says !== state) {
    element.says = state;
    element.replaceChildren(h('span', { class: 'symbol', 'aria-hidden': 'true' }, symbol), ' ' + word);
  }
}
