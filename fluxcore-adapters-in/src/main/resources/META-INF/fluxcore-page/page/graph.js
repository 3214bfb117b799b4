// A job's topology as a drawing: layers from sources to sinks, nodes with live numbers, edges as wide as their traffic.

import { h, s, set, text } from './dom.js';
import { duration, exact, percent, si, words } from './format.js';

const WIDTH = 184;
const HEIGHT = 104;
const BETWEEN_LAYERS = 48;
const BETWEEN_NODES = 28;
const BEND = 18;
const MARGIN = 12;
const SWEEPS = 6;
const BAR = WIDTH - 24;

/** Width and height of a node's card: windows have no numbers of their own. */
function cardSize(node) {
  return node.kind === 'WINDOW' ? [152, 60] : [WIDTH, HEIGHT];
}

/**
 * Where everything goes. Edges that pass layers go through bends, which take part in the ordering like nodes.
 *
 * @param down whether layers follow downwards, for narrow screens
 */
export function layOut(graph, down) {
  const layerOf = new Map();
  for (const node of graph.nodes) {
    const before = graph.edges.filter((e) => e.to === node.id).map((e) => layerOf.get(e.from) ?? 0);
    layerOf.set(node.id, before.length > 0 ? Math.max(...before) + 1 : 0);
  }
  const layers = [];
  const place = (item, layer) => (layers[layer] ??= []).push(item);
  const items = new Map();
  for (const node of graph.nodes) {
    const [width, height] = cardSize(node);
    const item = { id: node.id, size: down ? width : height, length: down ? height : width, up: [], down: [] };
    items.set(node.id, item);
    place(item, layerOf.get(node.id));
  }
  const chains = graph.edges.map((edge) => {
    const chain = [items.get(edge.from)];
    for (let layer = layerOf.get(edge.from) + 1; layer < layerOf.get(edge.to); layer++) {
      const bend = { id: null, size: BEND, length: 0, up: [], down: [] };
      place(bend, layer);
      chain.push(bend);
    }
    chain.push(items.get(edge.to));
    for (let i = 1; i < chain.length; i++) {
      chain[i - 1].down.push(chain[i]);
      chain[i].up.push(chain[i - 1]);
    }
    return chain;
  });
  order(layers);
  align(layers);
  return coordinates(graph, items, chains, layers, down);
}

const mean = (list, of) => list.reduce((sum, item) => sum + of(item), 0) / list.length;

/** Neighbours come to stand side by side: fewer crossings. */
function order(layers) {
  const number = () => layers.forEach((layer) => layer.forEach((item, i) => { item.rank = i; }));
  number();
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const side = sweep % 2 === 0 ? 'up' : 'down';
    for (const layer of side === 'up' ? layers : [...layers].reverse()) {
      const wish = new Map(layer.map((item) => [item, item[side].length > 0 ? mean(item[side], (n) => n.rank) : item.rank]));
      layer.sort((a, b) => wish.get(a) - wish.get(b));
      layer.forEach((item, i) => { item.rank = i; });
    }
  }
}

/** Nodes move towards the middle of their neighbours as far as the order and the gaps let them. */
function align(layers) {
  for (const layer of layers) {
    let at = 0;
    for (const item of layer) {
      item.at = at;
      at += item.size + BETWEEN_NODES;
    }
  }
  const middle = (item) => item.at + item.size / 2;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const side = sweep % 2 === 0 ? 'up' : 'down';
    for (const layer of side === 'up' ? layers : [...layers].reverse()) {
      const wish = layer.map((item) => (item[side].length > 0 ? mean(item[side], middle) - item.size / 2 : item.at));
      const low = [];
      layer.forEach((item, i) => {
        low[i] = i === 0 ? wish[0] : Math.max(wish[i], low[i - 1] + layer[i - 1].size + BETWEEN_NODES);
      });
      const high = [];
      for (let i = layer.length - 1; i >= 0; i--) {
        high[i] = i === layer.length - 1 ? wish[i] : Math.min(wish[i], high[i + 1] - layer[i].size - BETWEEN_NODES);
      }
      // Between pushing everything on and pushing everything back lies what keeps the gaps and is fair to both sides.
      layer.forEach((item, i) => { item.at = (low[i] + high[i]) / 2; });
    }
  }
  const least = Math.min(...layers.flat().map((item) => item.at));
  layers.flat().forEach((item) => { item.at += MARGIN - least; });
}

function coordinates(graph, items, chains, layers, down) {
  const gap = down ? 48 : BETWEEN_LAYERS;
  const main = new Map();
  let at = MARGIN;
  for (const layer of layers) {
    const length = Math.max(...layer.map((item) => item.length));
    layer.forEach((item) => main.set(item, at + (length - item.length) / 2));
    at += length + gap;
  }
  const across = Math.max(...layers.flat().map((item) => item.at + item.size)) + MARGIN;
  const along = at - gap + MARGIN;
  const point = (a, b) => (down ? [b, a] : [a, b]);
  const nodes = new Map([...items].map(([id, item]) => {
    const [x, y] = point(main.get(item), item.at);
    return [id, { x, y }];
  }));
  const edges = graph.edges.map((edge, i) => {
    const chain = chains[i];
    const middle = (item) => item.at + item.size / 2;
    let path = '';
    for (let j = 1; j < chain.length; j++) {
      const start = main.get(chain[j - 1]) + chain[j - 1].length;
      const end = main.get(chain[j]);
      const half = (start + end) / 2;
      const p = (a, b) => point(a, b).map((n) => Math.round(n * 10) / 10).join(' ');
      const a = middle(chain[j - 1]);
      const b = middle(chain[j]);
      path += (j === 1 ? `M${p(start, a)}` : `L${p(start, a)}`) + `C${p(half, a)} ${p(half, b)} ${p(end, b)}`;
    }
    const [x, y] = point(main.get(chain[0]) + chain[0].length + gap / 2, (middle(chain[0]) + middle(chain[1])) / 2);
    return { ...edge, path, x, y };
  });
  return { width: down ? across : along, height: down ? along : across, nodes, edges };
}

/** Cuts a text that is too long for its place; the whole is in the title. */
function short(content, length) {
  return content.length > length ? content.slice(0, length - 1) + '…' : content;
}

export class GraphDrawing {
  #open;
  #svg;
  #scroll;
  #cards = new Map();
  #edges = [];
  #drawn = '';
  #size = { width: 1, height: 1 };
  #zoom = null;
  #watch;
  #shown = null;

  /** @param open is called with the id of a node that is chosen */
  constructor(open) {
    this.#open = open;
    this.#svg = s('svg', { class: 'graph', role: 'group', 'aria-label': 'Topology' });
    this.#scroll = h('div', { class: 'canvas' }, this.#svg);
    this.element = h('div', {},
      h('div', { class: 'graph-tools' },
        legend(),
        h('span', { class: 'spring' }),
        h('button', { type: 'button', class: 'quiet', 'aria-label': 'Zoom out', onclick: () => this.#zoomBy(1 / 1.25) }, '−'),
        h('button', { type: 'button', class: 'quiet', 'aria-label': 'Zoom in', onclick: () => this.#zoomBy(1.25) }, '+'),
        h('button', { type: 'button', class: 'quiet', onclick: () => this.#fit() }, 'Fit')),
      this.#scroll);
    this.#scroll.addEventListener('wheel', (event) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        this.#zoomBy(event.deltaY < 0 ? 1.1 : 1 / 1.1);
      }
    }, { passive: false });
    this.#drag();
    this.#watch = new ResizeObserver(() => this.#resized());
    this.#watch.observe(this.#scroll);
  }

  close() {
    this.#watch.disconnect();
  }

  /** The drawing is moved with the pointer where it is larger than its place. */
  #drag() {
    let from = null;
    this.#scroll.addEventListener('pointerdown', (event) => {
      if (event.pointerType === 'mouse' && event.button === 0 && !event.target.closest('.node')) {
        from = { x: event.clientX + this.#scroll.scrollLeft, y: event.clientY + this.#scroll.scrollTop };
        this.#scroll.setPointerCapture(event.pointerId);
      }
    });
    this.#scroll.addEventListener('pointermove', (event) => {
      if (from) {
        this.#scroll.scrollTo(from.x - event.clientX, from.y - event.clientY);
      }
    });
    for (const end of ['pointerup', 'pointercancel']) {
      this.#scroll.addEventListener(end, () => { from = null; });
    }
  }

  #resized() {
    if (this.#shown) {
      this.show(...this.#shown);
      this.#scale();
    }
  }

  #zoomBy(factor) {
    this.#zoom = Math.min(2, Math.max(0.2, this.#scaleNow() * factor));
    this.#scale();
  }

  #fit() {
    this.#zoom = null;
    this.#scale();
  }

  #scaleNow() {
    const fitting = Math.min(1, this.#scroll.clientWidth / this.#size.width);
    return this.#zoom ?? Math.max(0.65, fitting);
  }

  #scale() {
    const scale = this.#scaleNow();
    set(this.#svg, 'width', Math.round(this.#size.width * scale));
    set(this.#svg, 'height', Math.round(this.#size.height * scale));
  }

  show(graph, figures, chosen, bottleneck) {
    this.#shown = [graph, figures, chosen, bottleneck];
    this.#draw(graph);
    for (const node of graph.nodes) {
      this.#cards.get(node.id).show(figures.get(node.id), node.id === chosen, node.id === bottleneck);
    }
    for (const edge of this.#edges) {
      edge.show(figures);
    }
  }

  #draw(graph) {
    const down = this.#scroll.clientWidth > 0 && this.#scroll.clientWidth < 620;
    const drawn = JSON.stringify([graph, down]);
    if (drawn === this.#drawn) {
      return;
    }
    this.#drawn = drawn;
    const layout = layOut(graph, down);
    this.#size = layout;
    set(this.#svg, 'viewBox', `0 0 ${layout.width} ${layout.height}`);
    this.#edges = layout.edges.map((edge) => new EdgeLine(edge));
    this.#cards = new Map(graph.nodes.map((node) =>
      [node.id, new NodeCard(node, layout.nodes.get(node.id), this.#open)]));
    this.#svg.replaceChildren(
      s('defs', {},
        s('pattern', { id: 'hatch', width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
          s('rect', { width: 2.4, height: 5, class: 'hatch-line' })),
        s('marker', { id: 'tip', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto', markerUnits: 'userSpaceOnUse' },
          s('path', { d: 'M0 0L8 4L0 8z', class: 'tip' }))),
      ...this.#edges.map((edge) => edge.line),
      ...[...this.#cards.values()].map((card) => card.element),
      ...this.#edges.map((edge) => edge.label));
    this.#scale();
  }

  focus(id) {
    this.#cards.get(id)?.element.focus();
  }
}

class EdgeLine {
  constructor(edge) {
    this.edge = edge;
    this.line = s('path', { d: edge.path, class: 'edge ' + edge.exchange.toLowerCase(), 'marker-end': 'url(#tip)' });
    this.title = s('title');
    this.rate = s('tspan');
    this.label = s('text', { x: edge.x, y: edge.y, class: 'edge-label', 'text-anchor': 'middle' },
      this.title,
      edge.port ? s('tspan', { x: edge.x, dy: '-0.5em', class: 'port' }, edge.port) : null,
      edge.port ? s('tspan', { x: edge.x, dy: '1.2em' }, this.rate) : s('tspan', { x: edge.x, dy: '-0.4em' }, this.rate));
  }

  show(figures) {
    const { from, to, port, exchange } = this.edge;
    // What a side output carries is what its receiver takes.
    const rate = (port || !figures.get(from) ? figures.get(to)?.rowsInPerSecond : figures.get(from)?.rowsOutPerSecond)
      ?? figures.get(to)?.rowsInPerSecond;
    const known = typeof rate === 'number';
    text(this.rate, known ? si(rate) + '/s' : '');
    text(this.title, `${from}${port && '.' + port} to ${to}: ${exact(rate, 'rows/s')}, ${words(exchange)}`);
    set(this.line, 'stroke-width', known ? (1.25 + Math.log10(1 + rate) * 0.9).toFixed(2) : 1.25);
  }
}

class NodeCard {
  constructor(node, { x, y }, open) {
    this.node = node;
    const [width, height] = cardSize(node);
    const line = (at, className = '') => s('text', { x: 12, y: at, class: className });
    this.tint = s('rect', { width, height, rx: 6, class: 'tint' });
    this.rates = line(51, 'rates');
    this.busy = s('rect', { x: 12, y: 60, height: 9, class: 'busy' });
    this.pressure = s('rect', { y: 60, height: 9, fill: 'url(#hatch)' });
    this.bar = s('g', {}, s('rect', { x: 12, y: 60, width: BAR, height: 9, class: 'idle' }), this.busy, this.pressure);
    this.shares = line(82, 'small');
    this.waterline = line(96, 'small');
    this.mark = s('text', { x: width - 12, y: 18, class: 'mark', 'text-anchor': 'end' });
    this.title = s('title');
    this.element = s('g', {
      class: 'node', transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, tabindex: '0', role: 'button', 'data-node': node.id,
      onclick: () => open(node.id),
      onkeydown: (event) => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          open(node.id);
        }
      },
    },
      this.title,
      s('rect', { width, height, rx: 6, class: 'card' }), this.tint,
      s('text', { x: 12, y: 18, class: 'kind' }, words(node.kind) + (node.parallelism > 1 ? ` × ${node.parallelism}` : '')),
      s('text', { x: 12, y: 35, class: 'name' }, short(node.id, width === WIDTH ? 21 : 17)),
      width === WIDTH ? null : s('text', { x: 12, y: 51, class: 'small' }, short(node.description, 24)),
      this.mark, this.rates, this.bar, this.shares, this.waterline);
  }

  show(figures, chosen, bottleneck) {
    set(this.element, 'class', 'node' + (chosen ? ' chosen' : '') + (bottleneck ? ' bottleneck' : ''));
    set(this.element, 'aria-pressed', String(chosen));
    text(this.mark, bottleneck ? '▲ bottleneck' : '');
    const { id, kind, description, parallelism } = this.node;
    set(this.bar, 'visibility', figures ? null : 'hidden');
    if (!figures) {
      text(this.rates, '');
      text(this.shares, '');
      text(this.waterline, '');
      text(this.title, `${id}: ${description}`);
      set(this.element, 'aria-label', `${words(kind)} ${id}, parallelism ${parallelism}`);
      set(this.tint, 'fill-opacity', 0);
      return;
    }
    const rows = kind === 'SOURCE' ? `${si(figures.rowsOutPerSecond)} rows/s`
      : kind === 'SINK' ? `${si(figures.rowsInPerSecond)} rows/s`
        : `${si(figures.rowsInPerSecond)} → ${si(figures.rowsOutPerSecond)} rows/s`;
    text(this.rates, rows);
    const busy = BAR * figures.busyPerMille / 1000;
    const pressure = BAR * Math.min(1000 - figures.busyPerMille, figures.backPressuredPerMille) / 1000;
    set(this.busy, 'width', busy.toFixed(1));
    set(this.pressure, 'x', (12 + busy).toFixed(1));
    set(this.pressure, 'width', pressure.toFixed(1));
    set(this.tint, 'fill-opacity', (figures.busyPerMille / 1000 * 0.35).toFixed(2));
    text(this.shares, `busy ${percent(figures.busyPerMille)} · back-pr. ${percent(figures.backPressuredPerMille)}`);
    const event = figures.inputEnded ? 'input ended'
      : figures.watermarkLagMs === null ? 'no watermark' : 'lag ' + duration(figures.watermarkLagMs);
    text(this.waterline, event);
    text(this.title, `${id}: ${description}`);
    set(this.element, 'aria-label',
      `${words(kind)} ${id}, parallelism ${parallelism}, ${rows.replace('→', 'in,').replace('–', 'unknown')}`
      + `, busy ${percent(figures.busyPerMille)}, back-pressured ${percent(figures.backPressuredPerMille)}, ${event}`
      + (bottleneck ? ', likely bottleneck' : ''));
  }
}

/** The three parts of the bar, by shade and by word. */
function legend() {
  const swatch = (kind) => {
    const box = s('svg', { width: 22, height: 10, 'aria-hidden': 'true', class: 'swatch' },
      s('rect', { x: 0.5, y: 0.5, width: 21, height: 9, class: 'idle' }));
    if (kind === 'busy') {
      box.append(s('rect', { x: 0.5, y: 0.5, width: 21, height: 9, class: 'busy' }));
    } else if (kind === 'pressure') {
      box.append(...[2, 7, 12, 17].map((x) => s('path', { d: `M${x} 9.5l4 -9`, class: 'hatch-stroke' })));
    }
    return box;
  };
  return h('p', { class: 'legend' },
    h('span', { title: 'share of the time that the stage works' }, swatch('busy'), ' busy'),
    h('span', { title: 'share of the time that the stage waits to send' }, swatch('pressure'), ' back-pressured'),
    h('span', { title: 'share of the time that the stage waits for input' }, swatch('idle'), ' idle'));
}
