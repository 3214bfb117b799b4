// The last two minutes of a measurement, as a line. Gaps stay gaps, and the scale begins at 0.

import { s, set, text } from './dom.js';
import { si } from './format.js';

const KEPT = 120;
const WIDTH = 160;
const HEIGHT = 28;

export class Sparkline {
  #values = [];
  #line = s('path', { class: 'line' });
  #title = s('title');

  constructor(label) {
    this.label = label;
    this.element = s('svg', { class: 'spark', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
      this.#title, s('path', { class: 'base', d: `M0 ${HEIGHT - 0.5}H${WIDTH}` }), this.#line);
  }

  clear() {
    this.#values = [];
  }

  add(value) {
    this.#values.push(typeof value === 'number' ? value : null);
    if (this.#values.length > KEPT) {
      this.#values.shift();
    }
    const top = Math.max(1e-9, ...this.#values.filter((v) => v !== null));
    let path = '';
    let pen = 'M';
    this.#values.forEach((v, i) => {
      if (v === null) {
        pen = 'M';
        return;
      }
      const x = (i + KEPT - this.#values.length) * WIDTH / (KEPT - 1);
      path += `${pen}${x.toFixed(1)} ${(HEIGHT - 1.5 - v / top * (HEIGHT - 4)).toFixed(1)}`;
      pen = 'L';
    });
    set(this.#line, 'd', path);
    text(this.#title, `${this.label}: the last two minutes, at most ${si(top)}`);
  }
}
