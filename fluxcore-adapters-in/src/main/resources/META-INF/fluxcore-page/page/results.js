// The latest rows of a sink, or of any node that is chosen.

import { get, jobPath } from './api.js';
import { h, keyed, text } from './dom.js';
import { clock, exact, fullTime, isOver, words } from './format.js';
import { Panel } from './panel.js';

const ROWS = 50;

export class ResultsPanel {
  #route;
  #id;
  #job;
  #graph;
  #select;
  #options = [];
  #head;
  #body;
  #columns = '';
  #newest = -1;
  #note;

  /** @param job and @param graph give what they are called, shared with other panels */
  constructor(route, id, job, graph) {
    this.#route = route;
    this.#id = id;
    this.#job = job;
    this.#graph = graph;
    this.#select = h('select', { onchange: () => this.choose(this.#select.value) });
    this.#head = h('tr');
    this.#body = h('tbody');
    this.#note = h('p', { class: 'hint', hidden: true });
    this.panel = new Panel('results', 'Latest results', [h('label', { class: 'field' }, 'of ', this.#select)]);
    this.panel.body.append(this.#note,
      h('div', { class: 'scroll tall', tabindex: '0', role: 'region', 'aria-label': 'Latest results' },
        h('table', {}, h('caption', { class: 'unseen' }, 'Latest results, newest first'), h('thead', {}, this.#head), this.#body)));
    this.panel.follow(() => this.#read(), (content) => this.#show(content), 1000);
  }

  /** Shows the rows of another node from now on. */
  choose(node) {
    this.#route.set({ results: node });
    this.#columns = '';
    this.#newest = -1;
    this.panel.reset();
    this.panel.element.scrollIntoView({ block: 'nearest' });
  }

  async #read() {
    const graph = await this.#graph();
    const job = await this.#job();
    const node = this.#node(graph);
    this.#offer(graph, node);
    if (isOver(job.state)) {
      return { over: true, job, node };
    }
    return { ...await get(jobPath(this.#id, 'results'), { node, limit: ROWS }), node };
  }

  #node(graph) {
    const wanted = this.#route.query.get('results');
    const there = graph.nodes.some((node) => node.id === wanted);
    return there ? wanted : (graph.nodes.find((node) => node.kind === 'SINK') ?? graph.nodes[graph.nodes.length - 1])?.id;
  }

  #offer(graph, node) {
    const ids = graph.nodes.filter((n) => n.kind !== 'WINDOW').map((n) => n.id);
    if (ids.join('\n') !== this.#options.join('\n')) {
      this.#options = ids;
      this.#select.replaceChildren(...graph.nodes.filter((n) => ids.includes(n.id))
        .sort((a, b) => (b.kind === 'SINK') - (a.kind === 'SINK'))
        .map((n) => h('option', { value: n.id }, `${n.id} (${words(n.kind)})`)));
    }
    this.#select.value = node;
  }

  #show(content) {
    if (content.over) {
      this.#note.hidden = this.#body.childElementCount === 0;
      text(this.#note, `The job is ${words(content.job.state)}: these are the last rows that this page saw.`);
      return this.#body.childElementCount > 0 ? null
        : { says: 'over', content: [h('p', {}, 'The job is over. What it gave is where its sinks wrote it.')] };
    }
    this.#note.hidden = true;
    if (content.items.length === 0 && this.#newest < 0) {
      return { says: 'none', content: [
        h('p', {}, h('strong', {}, 'No row yet. '), 'Rows appear here as they leave the node; the latest 100 of each sink are kept.'),
        h('p', { class: 'hint' }, '“Why no output?” on this page says what is waited for. A node that is no sink shows rows from when it is read on.'),
      ] };
    }
    const columns = JSON.stringify(content.schema.fields);
    if (columns !== this.#columns) {
      this.#columns = columns;
      this.#head.replaceChildren(
        h('th', { scope: 'col', class: 'number' }, '#'), h('th', { scope: 'col', class: 'number', title: 'event time' }, 'Time'),
        ...content.schema.fields.map((field) => h('th', { scope: 'col', class: isNumeric(field) ? 'number' : null, title: field.type }, field.name)));
      this.#body.replaceChildren();
      this.#body.keyedElements = new Map();
    }
    const rows = [...content.items].reverse();
    const seen = this.#newest;
    keyed(this.#body, rows, (row) => row.sequence,
      (row) => {
        const element = h('tr', { class: seen >= 0 && row.sequence > seen ? 'new' : null },
          h('td', { class: 'number' }, exact(row.sequence) + kindMark(row.kind)),
          h('td', { class: 'number', title: row.timestamp ? fullTime(row.timestamp) : '' }, row.timestamp ? clock(row.timestamp) : '–'));
        element.append(...content.schema.fields.map((field) => valueCell(field, row.row[field.name])));
        return element;
      },
      () => {});
    this.#newest = Math.max(seen, ...content.items.map((row) => row.sequence));
    return null;
  }
}

function kindMark(kind) {
  return { INSERT: '', UPDATE_BEFORE: ' −u', UPDATE_AFTER: ' +u', DELETE: ' −' }[kind] ?? ' ' + words(kind);
}

function isNumeric(field) {
  return /^(long|double|decimal|int|float)/i.test(field.type);
}

/** Whether it is an object of plain values, such as an entry of a ranking. */
function isFlat(entry) {
  return entry !== null && typeof entry === 'object' && Object.values(entry).every((v) => v === null || typeof v !== 'object');
}

function valueCell(field, value) {
  if (value === null || value === undefined) {
    return h('td', { class: 'null' }, 'null');
  }
  if (typeof value === 'number') {
    return h('td', { class: 'number', title: String(value) }, exact(value));
  }
  if (/^timestamp/i.test(field.type) && typeof value === 'string') {
    return h('td', { title: value }, h('time', { datetime: value }, /z$|[+-]\d\d:?\d\d$/i.test(value) ? clock(value) : value));
  }
  if (Array.isArray(value) && value.length > 0 && value.every(isFlat)) {
    return h('td', { class: 'value', title: JSON.stringify(value) },
      h('ol', {}, ...value.map((entry) => h('li', {}, Object.values(entry).map((v) => (typeof v === 'number' ? exact(v) : String(v))).join(' · ')))));
  }
  const content = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return h('td', { class: 'value', title: content.length > 40 ? content : null }, content);
}
