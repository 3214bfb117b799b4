// One job: its topology with live numbers, why it gives no output, its results, its ledger and its history.

import { get, jobPath, now, post } from './api.js';
import { announce, h, keyed, set, text, toast } from './dom.js';
import { bottleneckOf, figuresByNode, figuresOf } from './figures.js';
import { ago, clock, duration, exact, fullTime, isOver, NONE, percent, si, stateOf, words } from './format.js';
import { GraphDrawing } from './graph.js';
import { showState } from './jobs.js';
import { Panel, table } from './panel.js';
import { ResultsPanel } from './results.js';
import { Sparkline } from './sparkline.js';

const EVERY_MILLIS = 1000;

/** Several panels that ask for the same within a turn share one answer. */
function shared(ask, millis) {
  let at = -Infinity;
  let answer = null;
  return () => {
    const time = performance.now();
    if (time - at > millis) {
      at = time;
      answer = ask();
      answer.catch(() => { at = -Infinity; });
    }
    return answer;
  };
}

export class JobView {
  #route;
  #id;
  #job;
  #metrics;
  #graph;
  #panels = [];
  #name;
  #crumbs;
  #state;
  #stop;
  #cancel;
  #lastState = null;
  #tiles = {};
  #spark = new Sparkline('Rows in per second');
  #drawing = new GraphDrawing((id) => this.#choose(id));
  #nodesTable;
  #drawer;
  #latest = null;
  #results;
  #cleanUp = [];

  constructor(route, id) {
    this.#route = route;
    this.#id = id;
    this.#job = shared(() => get(jobPath(id)), EVERY_MILLIS / 2);
    this.#metrics = shared(() => get(jobPath(id, 'metrics')), EVERY_MILLIS / 2);
    this.#graph = shared(() => get(jobPath(id, 'graph')), 15_000);
    this.#name = h('h1', {}, id);
    this.#state = h('span', { class: 'state' });
    this.#stop = h('button', { type: 'button', onclick: () => this.#ask('stop') }, 'Stop job');
    this.#cancel = h('button', { type: 'button', class: 'danger', onclick: () => this.#ask('cancel') }, 'Cancel job');
    this.#results = new ResultsPanel(route, id, this.#job, this.#graph);
    const panels = [this.#overview(), this.#topology(), this.#why(), this.#results.panel, this.#ledger(), this.#history()];
    this.#panels = panels;
    this.element = h('div', { class: 'page job' },
      h('div', { class: 'headline' }, this.#name, this.#state, h('span', { class: 'spring' }), this.#stop, this.#cancel),
      ...panels.map((panel) => panel.element));
  }

  crumbs() {
    return [['Jobs', '#/jobs'], [this.#name.textContent, null]];
  }

  onCrumbs(listener) {
    this.#crumbs = listener;
  }

  close() {
    this.#panels.forEach((panel) => panel.close());
    this.#drawing.close();
  }

  again() {
    this.#panels.forEach((panel) => panel.again());
  }

  /** Moves between nodes, in the order of the topology. */
  step(by) {
    const nodes = this.#latest?.graph.nodes ?? [];
    const at = nodes.findIndex((node) => node.id === document.activeElement?.dataset?.node);
    const next = nodes[at < 0 ? (by > 0 ? 0 : nodes.length - 1) : Math.min(nodes.length - 1, Math.max(0, at + by))];
    if (next) {
      (this.#isTable ? this.element.querySelector(`button[data-node="${CSS.escape(next.id)}"]`)?.focus() : this.#drawing.focus(next.id));
    }
  }

  escape() {
    if (this.#chosen) {
      this.#choose(null);
    } else {
      location.hash = '#/jobs';
    }
  }

  // Overview

  #overview() {
    const panel = new Panel('overview', 'Overview');
    const tile = (key, label, title) => {
      this.#tiles[key] = h('dd');
      return h('div', { class: 'tile', title }, h('dt', {}, label), this.#tiles[key]);
    };
    const facts = h('p', { class: 'facts' });
    const failure = h('p', { class: 'failure', hidden: true });
    panel.body.append(failure,
      h('dl', { class: 'tiles' },
        h('div', { class: 'tile wide' }, h('dt', {}, 'Rows in/s'), this.#tiles.rate = h('dd'), this.#spark.element),
        tile('lag', 'Lag', 'the clock less the watermark that is furthest behind'),
        tile('latency', 'Latency p50 · p99', 'from when a source read an event to when a sink took it'),
        tile('busy', 'Busy', 'share of the time that the busiest stage works'),
        tile('pressure', 'Back-pressure', 'share of the time that the stage which suffers most waits to send'),
        tile('uptime', 'Uptime', 'since all its parts run'),
        tile('checkpoints', 'Checkpoints', 'completed, and given up')),
      facts);
    return panel.follow(
      async () => ({ job: await this.#job(), metrics: await this.#metrics() }),
      ({ job, metrics }) => {
        this.#showJob(job);
        this.#showTiles(job, metrics);
        text(facts, [
          `${job.id} · version ${job.version}`,
          `parallelism ${job.parallelism}`,
          `state on ${job.stateBackend}`,
          job.checkpointIntervalMs ? `checkpoint every ${duration(job.checkpointIntervalMs)}` : 'no checkpoints',
          job.restarts === 1 ? '1 restart' : `${job.restarts} restarts`,
          job.submittedAt ? `submitted ${ago(job.submittedAt, now())}` : null,
          job.endedAt ? `ended ${ago(job.endedAt, now())}` : null,
        ].filter(Boolean).join(' · '), job.submittedAt ? 'submitted ' + fullTime(job.submittedAt) : '');
        failure.hidden = !job.failure;
        text(failure, job.failure ? `✕ ${job.failure.code} in ${job.failure.operatorId || 'the job'}: ${job.failure.message}` : '');
      }, EVERY_MILLIS);
  }

  #showJob(job) {
    if (this.#name.textContent !== job.name) {
      text(this.#name, job.name);
      this.#crumbs?.();
    }
    showState(this.#state, job.state);
    if (this.#lastState !== null && this.#lastState !== job.state) {
      announce(`Job ${job.name} is now ${stateOf(job.state).word}.`);
    }
    this.#lastState = job.state;
    const ending = ['STOPPING', 'CANCELLING'].includes(job.state);
    const over = isOver(job.state);
    const why = over ? `The job is over: it is ${words(job.state)}.` : ending ? `The job is being ended: it is ${words(job.state)}.` : '';
    this.#disable(this.#stop, why);
    this.#disable(this.#cancel, job.state === 'STOPPING' ? '' : why);
  }

  /** A disabled button keeps its place in the order of tabs and says why. */
  #disable(button, why) {
    set(button, 'aria-disabled', why ? 'true' : null);
    set(button, 'title', why || null);
  }

  #showTiles(job, metrics) {
    const figures = figuresOf(metrics);
    const over = isOver(job.state);
    const live = (value) => (over ? null : value);
    const tiles = this.#tiles;
    text(tiles.rate, si(live(figures.rowsInPerSecond)), exact(live(figures.rowsInPerSecond), 'rows/s'));
    this.#spark.add(live(figures.rowsInPerSecond));
    text(tiles.lag, duration(live(figures.lagMs)), exact(live(figures.lagMs), 'ms'));
    const latency = metrics.endToEndLatencyMs;
    text(tiles.latency, latency.count > 0 ? `${duration(latency.p50)} · ${duration(latency.p99)}` : NONE,
      latency.count > 0 ? `${exact(latency.count)} measured; mean ${exact(latency.mean, 'ms')}, maximum ${exact(latency.max, 'ms')}` : 'nothing measured yet');
    text(tiles.busy, percent(live(figures.busyPerMille)), exact(live(figures.busyPerMille), '‰'));
    text(tiles.pressure, percent(live(figures.backPressuredPerMille)), exact(live(figures.backPressuredPerMille), '‰'));
    text(tiles.uptime, duration(live(figures.uptimeMs)), figures.runningSince ? 'since ' + fullTime(figures.runningSince) : '');
    text(tiles.checkpoints, metrics.failedCheckpoints > 0
      ? `${si(metrics.checkpoints)}, ${si(metrics.failedCheckpoints)} failed` : si(metrics.checkpoints),
    `${exact(metrics.checkpoints)} completed, ${exact(metrics.failedCheckpoints)} given up`);
  }

  // Topology

  get #chosen() {
    return this.#route.query.get('node');
  }

  get #isTable() {
    return this.#route.query.get('view') === 'table';
  }

  #topology() {
    const asGraph = h('button', { type: 'button', class: 'quiet', onclick: () => view('') }, 'Graph');
    const asTable = h('button', { type: 'button', class: 'quiet', onclick: () => view('table') }, 'Table');
    const panel = new Panel('topology', 'Topology', [h('span', { class: 'toggle', role: 'group', 'aria-label': 'Shown as' }, asGraph, asTable)]);
    const nodes = table('Nodes of the topology', [
      { label: 'Node' }, { label: 'Kind' }, { label: 'Reads' }, { label: '×', number: true, title: 'parallelism' },
      { label: 'In/s', number: true }, { label: 'Out/s', number: true }, { label: 'Busy', number: true },
      { label: 'Back-pr.', number: true, title: 'back-pressured' }, { label: 'Idle', number: true },
      { label: 'Watermark', number: true }, { label: 'Lag', number: true },
    ]);
    this.#nodesTable = nodes.body;
    this.#drawer = new Drawer(() => this.#choose(null), (node) => this.#results.choose(node));
    const place = h('div', { class: 'topology' }, h('div', { class: 'stage' }, this.#drawing.element, nodes.element), this.#drawer.element);
    panel.body.append(place);
    const show = () => {
      this.#drawing.element.hidden = this.#isTable;
      nodes.element.hidden = !this.#isTable;
      set(asGraph, 'aria-pressed', String(!this.#isTable));
      set(asTable, 'aria-pressed', String(this.#isTable));
    };
    const view = (name) => {
      this.#route.set({ view: name });
      show();
    };
    show();
    return panel.follow(
      async () => ({ graph: await this.#graph(), metrics: await this.#metrics() }),
      (latest) => {
        this.#latest = { ...latest, figures: figuresByNode(latest.metrics) };
        this.#showTopology();
        return latest.graph.nodes.length > 0 ? null : { says: 'none', content: [h('p', {}, 'This job has no nodes.')] };
      }, EVERY_MILLIS);
  }

  #showTopology() {
    const { graph, figures } = this.#latest;
    const bottleneck = bottleneckOf(graph, figures);
    // Not before it is shown: it needs to know how much place it has.
    requestAnimationFrame(() => this.#drawing.show(graph, figures, this.#chosen, bottleneck));
    const from = (id) => graph.edges.filter((e) => e.to === id).map((e) => e.from + (e.port && '.' + e.port)).join(', ');
    keyed(this.#nodesTable, graph.nodes, (node) => node.id,
      (node) => {
        const row = h('tr', {},
          h('th', { scope: 'row' }, h('button', { type: 'button', class: 'link', 'data-node': node.id, onclick: () => this.#choose(node.id) }, node.id)));
        row.facts = Array.from({ length: 10 }, (_, i) => h('td', { class: i < 2 ? null : 'number' }));
        row.append(...row.facts);
        return row;
      },
      (row, node) => {
        const f = figures.get(node.id) ?? {};
        const [kind, reads, parallelism, rowsIn, rowsOut, busy, pressure, idle, watermark, lag] = row.facts;
        text(kind, words(node.kind) + (node.id === bottleneck ? ' ▲ bottleneck' : ''), node.description);
        text(reads, from(node.id) || NONE);
        text(parallelism, String(node.parallelism));
        text(rowsIn, si(f.rowsInPerSecond), exact(f.rowsInPerSecond, 'rows/s'));
        text(rowsOut, si(f.rowsOutPerSecond), exact(f.rowsOutPerSecond, 'rows/s'));
        text(busy, percent(f.busyPerMille));
        text(pressure, percent(f.backPressuredPerMille));
        text(idle, percent(f.idlePerMille));
        text(watermark, f.watermark ? clock(f.watermark) : f.inputEnded ? 'ended' : NONE, f.watermark ? fullTime(f.watermark) : '');
        text(lag, duration(f.watermarkLagMs), exact(f.watermarkLagMs, 'ms'));
      });
    const node = graph.nodes.find((n) => n.id === this.#chosen);
    this.#drawer.show(node ?? null, node ? figures.get(node.id) : null, graph);
  }

  #choose(id) {
    const before = this.#chosen;
    const same = id === before;
    this.#route.set({ node: same ? null : id });
    this.#showTopology();
    if (!same && id) {
      this.#drawer.focus();
    } else if (before) {
      if (this.#isTable) {
        this.element.querySelector(`button[data-node="${CSS.escape(before)}"]`)?.focus();
      } else {
        this.#drawing.focus(before);
      }
    }
  }

  // Why no output?

  #why() {
    const panel = new Panel('why', 'Why no output?');
    const findings = h('ul', { class: 'findings' });
    const splits = table('Event time in sources', [
      { label: 'Source' }, { label: 'Split' }, { label: 'State' }, { label: 'Rows', number: true },
      { label: 'Last row', number: true }, { label: 'Watermark', number: true }, { label: 'Unchanged', number: true },
    ]);
    const windows = table('Windows that wait for event time', [
      { label: 'Window' }, { label: 'Watermark', number: true }, { label: 'Held back by' },
      { label: 'Pending', number: true, title: 'windows that have rows and have not fired' },
      { label: 'Next fires at', number: true, title: 'event time' }, { label: 'Results', number: true },
    ]);
    const good = h('p', { class: 'good' }, '✓ Results flow: every sink has received rows within the last few seconds.');
    const sourcesHead = h('h3', {}, 'Event time in sources');
    const windowsHead = h('h3', {}, 'Windows');
    panel.body.append(good, findings, h('details', { open: true }, h('summary', {}, 'Event time'), sourcesHead, splits.element, windowsHead, windows.element));
    return panel.follow(() => get(jobPath(this.#id, 'diagnosis')), (diagnosis) => {
      good.hidden = diagnosis.findings.length > 0;
      keyed(findings, diagnosis.findings, (f) => f.code + f.operatorId, (f) => this.#finding(f), (element, f) => {
        text(element.message, f.message);
        text(element.remedy, '→ ' + f.remedy);
      });
      const rows = diagnosis.sources.flatMap((source) => source.splits.map((split) => ({ source, split })));
      keyed(splits.body, rows, ({ source, split }) => source.operatorId + '\n' + split.split, rowOf(7, 3), (row, { source, split }) => cells(row, [
        [source.operatorId], tail(split.split), [words(split.state)], [si(split.rows), exact(split.rows, 'rows')],
        time(split.lastRowAt, ago), time(split.watermark, clock), time(split.unchangedSince, since),
      ]));
      keyed(windows.body, diagnosis.windows, (w) => w.operatorId, rowOf(6, 1, [2]), (row, w) => cells(row, [
        [w.operatorId], time(w.watermark, clock),
        w.heldBackBy ? [`${w.heldBackBy.sourceId}, ${tail(w.heldBackBy.split)[0]}`, w.heldBackBy.split] : [NONE],
        [si(w.pendingWindows), exact(w.pendingWindows)], time(w.nextFiring, clock), [si(w.rowsOut), exact(w.rowsOut, 'rows')],
      ]));
      sourcesHead.hidden = splits.element.hidden = rows.length === 0;
      windowsHead.hidden = windows.element.hidden = diagnosis.windows.length === 0;
    }, 2 * EVERY_MILLIS);
  }

  #finding(finding) {
    const symbols = { ERROR: '✕ error', WARNING: '▲ warning', INFO: 'ⓘ note' };
    const message = h('span');
    const remedy = h('p', { class: 'hint' });
    const element = h('li', { class: finding.severity.toLowerCase() },
      h('p', {}, h('strong', {}, (symbols[finding.severity] ?? finding.severity) + ' '), message),
      remedy,
      h('p', { class: 'buttons' },
        finding.operatorId ? h('button', { type: 'button', class: 'link', onclick: () => this.#choose(finding.operatorId) }, finding.operatorId) : null,
        h('code', {}, finding.code)));
    element.message = message;
    element.remedy = remedy;
    return element;
  }

  // Ledger

  #ledger() {
    const panel = new Panel('ledger', 'Ledger');
    const ledger = table('Rows of every operator: in = accepted + late + filtered + failed + dropped', [
      { label: 'Operator' }, { label: 'In', number: true }, { label: '= accepted', number: true }, { label: '+ late', number: true },
      { label: '+ filtered', number: true }, { label: '+ failed', number: true }, { label: '+ dropped', number: true },
      { label: 'Balance' }, { label: 'Out', number: true }, { label: 'Bytes in', number: true }, { label: 'Rows a batch p50', number: true },
    ]);
    panel.body.append(ledger.element);
    return panel.follow(() => this.#metrics(), (metrics) => {
      keyed(ledger.body, metrics.operators, (o) => o.operatorId, rowOf(11, 1, [7]), (row, o) => {
        const count = (value, unit = 'rows') => [si(value), exact(value, unit)];
        const by = o.droppedBy;
        const dropped = o.dropped === 0
          ? count(0)
          : [si(o.dropped), `load shedding took out ${exact(by.oldest)} oldest, ${exact(by.lowestPriority)} of lowest priority, ${exact(by.sample)} by sample`];
        const balance = o.rowsIn - o.accepted - o.late - o.filtered - o.failed - o.dropped;
        cells(row, [
          [o.operatorId], count(o.rowsIn), count(o.accepted), count(o.late), count(o.filtered), count(o.failed), dropped,
          balance === 0 ? ['✓ even', 'in = accepted + late + filtered + failed + dropped'] : [`✕ ${exact(balance)}`, 'rows are unaccounted for'],
          count(o.rowsOut), count(o.bytesIn, 'bytes'), count(o.batchRows.p50),
        ]);
        set(row, 'class', o.failed > 0 || balance !== 0 ? 'attention' : null);
      });
      return metrics.operators.length > 0 ? null : { says: 'none', content: [h('p', {}, 'Nothing is counted yet: the job has not run.')] };
    }, EVERY_MILLIS);
  }

  // History

  #history() {
    const all = h('input', { type: 'checkbox', onchange: () => this.#panels.forEach((panel) => panel === history && panel.again()) });
    const history = new Panel('history', 'History', [h('label', { class: 'field' }, all, ' checkpoints')]);
    const list = h('ol', { class: 'history' });
    const plan = h('pre', { tabindex: '0' });
    history.body.append(list, h('details', {}, h('summary', {}, 'Plan'), plan));
    return history.follow(() => this.#job(), (job) => {
      const events = job.history.map((event, i) => ({ ...event, i })).filter((e) => all.checked || !e.type.includes('CHECKPOINT')).reverse();
      keyed(list, events, (e) => e.at + e.type + e.description,
        () => h('li', {}, h('time'), ' ', h('span')),
        (element, event) => {
          const [at, what] = element.children;
          set(at, 'datetime', event.at);
          text(at, clock(event.at), fullTime(event.at));
          text(what, event.description, words(event.type));
        });
      text(plan, job.plan);
      return job.history.length > 0 ? null : { says: 'none', content: [h('p', {}, 'Nothing has happened to this job yet.')] };
    }, EVERY_MILLIS);
  }

  // Stop and cancel

  #ask(verb) {
    const button = verb === 'stop' ? this.#stop : this.#cancel;
    if (button.getAttribute('aria-disabled') === 'true') {
      announce(button.title);
      return;
    }
    const name = this.#name.textContent;
    const effect = verb === 'stop'
      ? 'Its sources stop, what they have read is processed and written, and open windows give their results. Then it is over: submit it again to go on.'
      : 'It ends at once: open windows give no results, and what is under way is not written. Submit it again to go on.';
    const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'ask-title' },
      h('form', { method: 'dialog' },
        h('h2', { id: 'ask-title' }, `${verb === 'stop' ? 'Stop' : 'Cancel'} job ${name}?`),
        h('p', {}, effect),
        h('p', { class: 'buttons end' },
          h('button', { value: '' }, 'Keep it running'),
          h('button', { value: verb, class: 'danger' }, `${verb === 'stop' ? 'Stop' : 'Cancel'} job ${name}`))));
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (dialog.returnValue === verb) {
        this.#end(verb, name);
      }
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  async #end(verb, name) {
    try {
      const job = await post(jobPath(this.#id, verb));
      this.#showJob(job);
      toast(`Job ${name} is ${stateOf(job.state).word}.`);
      this.again();
    } catch (problem) {
      toast(`Job ${name} was not ${verb === 'stop' ? 'stopped' : 'cancelled'}: ${problem.message}`, 'failed');
    }
  }
}

function since(at, time) {
  return duration(Math.max(0, time - Date.parse(at)));
}

/** A time by a short form, and in full for who asks. */
function time(at, form) {
  return at ? [form(at, now()), fullTime(at)] : [NONE];
}

/** The end of a long name tells more than its beginning. */
function tail(name) {
  return [name.length > 20 ? '…' + name.slice(-18) : name, name];
}

/** Makes rows of so many cells, the first words, then numbers. */
function rowOf(count, wordCells, alsoWords = []) {
  return () => h('tr', {}, ...Array.from({ length: count }, (_, i) =>
    (i === 0 ? h('th', { scope: 'row' }) : h('td', { class: i < wordCells || alsoWords.includes(i) ? null : 'number' }))));
}

function cells(row, contents) {
  contents.forEach(([content, title], i) => text(row.children[i], content, title ?? ''));
}

/** Everything about one node, beside the graph. */
class Drawer {
  #body;
  #title;
  #facts = new Map();
  #rates = new Sparkline('Rows in per second');
  #node = null;

  constructor(close, readRows) {
    this.#title = h('h3', { tabindex: '-1' });
    this.#body = h('dl', { class: 'facts-list' });
    this.element = h('aside', { class: 'drawer', 'aria-label': 'Node', hidden: true },
      h('header', {}, this.#title, h('span', { class: 'spring' }),
        h('button', { type: 'button', class: 'quiet', 'aria-label': 'Close the node (Esc)', onclick: close }, '✕')),
      this.#rates.element,
      this.#body,
      h('p', { class: 'buttons' }, h('button', { type: 'button', onclick: () => readRows(this.#node) }, 'Show its rows')));
  }

  focus() {
    this.#title.focus();
  }

  show(node, figures, graph) {
    this.element.hidden = node === null;
    if (node === null) {
      this.#node = null;
      return;
    }
    if (this.#node !== node.id) {
      this.#node = node.id;
      this.#rates.clear();
    }
    text(this.#title, node.id);
    this.#rates.add(figures?.rowsInPerSecond);
    this.#rates.element.toggleAttribute('hidden', !figures);
    const side = (of, to) => graph.edges.filter((e) => e[of] === node.id)
      .map((e) => `${e[to]}${to === 'from' && e.port ? '.' + e.port : ''} (${words(e.exchange)})`).join(', ') || NONE;
    const facts = [
      ['What', node.description],
      ['Kind', words(node.kind)],
      ['Reads', side('to', 'from')],
      ['Feeds', side('from', 'to')],
      ['Stage', `${node.stage}, parallelism ${node.parallelism}`],
    ];
    if (figures) {
      const total = (of) => figures.parts.reduce((sum, part) => sum + part[of], 0);
      facts.push(
        ['Rows in', `${exact(figures.rowsIn)} (${si(figures.rowsInPerSecond)}/s)`],
        ['Rows out', `${exact(figures.rowsOut)} (${si(figures.rowsOutPerSecond)}/s)`],
        ['Left out', `${exact(total('late'))} late, ${exact(total('filtered'))} filtered, ${exact(total('failed'))} failed, ${exact(total('dropped'))} dropped`],
        ['Busy', percent(figures.busyPerMille)],
        ['Back-pressured', percent(figures.backPressuredPerMille)],
        ['Idle', percent(figures.idlePerMille)],
        ['Watermark', figures.watermark ? fullTime(figures.watermark) : figures.inputEnded ? 'the input has ended' : 'none yet'],
        ['Watermark lag', duration(figures.watermarkLagMs)],
      );
    } else {
      facts.push(['Counted in', node.kind === 'WINDOW' ? graph.edges.find((e) => e.from === node.id)?.to ?? NONE : 'another node']);
    }
    keyed(this.#body, facts, ([name]) => name,
      ([name]) => h('div', {}, h('dt', {}, name), h('dd')),
      (element, [, value]) => text(element.lastChild, value));
  }
}
