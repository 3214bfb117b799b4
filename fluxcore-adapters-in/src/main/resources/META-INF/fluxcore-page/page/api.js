// The REST API, and the clock of the server.

const ROOT = 'api/v1';
const PATIENCE_MILLIS = 10_000;

/** What went wrong: an RFC 9457 problem, or no answer at all. */
export class Problem extends Error {
  constructor({ title, detail, code, hint, status, traceId }) {
    super(detail || title);
    this.title = title;
    this.detail = detail ?? '';
    this.code = code ?? '';
    this.hint = hint ?? '';
    this.status = status ?? 0;
    this.traceId = traceId ?? '';
  }

  /** All of it, for a report. */
  get report() {
    return [this.title, this.detail, this.hint && 'Hint: ' + this.hint, this.code, this.traceId && 'Trace: ' + this.traceId]
      .filter(Boolean)
      .join('\n');
  }

  get isUnreachable() {
    return this.status === 0;
  }
}

let offset = 0;
let missed = 0;
let lostAt = null;
const listeners = new Set();

/** The server's time, as far as its answers tell it. */
export function now() {
  return Date.now() + offset;
}

/** Calls back with the time of the last answer while the server cannot be reached, and with null when it can again. */
export function onReach(listener) {
  listeners.add(listener);
}

let lastAnswer = Date.now();

function reached(response) {
  const date = Date.parse(response.headers.get('Date') ?? '');
  // The header counts whole seconds, so that small differences mean nothing.
  const difference = date + 500 - Date.now();
  offset = Number.isNaN(date) || Math.abs(difference) < 2000 ? 0 : difference;
  lastAnswer = Date.now();
  missed = 0;
  if (lostAt !== null) {
    lostAt = null;
    listeners.forEach((listener) => listener(null));
  }
}

function unreached() {
  missed++;
  if (missed >= 2 && lostAt === null) {
    lostAt = lastAnswer;
    listeners.forEach((listener) => listener(lostAt));
  }
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(`${ROOT}/${path}`, { ...options, signal: AbortSignal.timeout(PATIENCE_MILLIS) });
  } catch (error) {
    unreached();
    throw new Problem({
      title: 'The server does not answer',
      detail: error.name === 'TimeoutError' ? `There was no answer within ${PATIENCE_MILLIS / 1000} s.` : '',
      hint: 'Is it still running? Start it with: bin/fluxcore server start',
    });
  }
  reached(response);
  let body;
  try {
    body = await response.json();
  } catch {
    body = null;
  }
  if (response.ok && body !== null) {
    return body;
  }
  throw new Problem({
    title: body?.title ?? `The server answered with status ${response.status}`,
    detail: body?.detail,
    code: body?.code,
    hint: body?.hint,
    traceId: body?.traceId,
    status: response.status,
  });
}

export function get(path, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== '' && value != null));
  return request(query.size ? `${path}?${query}` : path, { headers: { Accept: 'application/json' } });
}

export function post(path, body) {
  return request(path, {
    method: 'POST',
    headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
    body: JSON.stringify(body ?? {}),
  });
}

export function jobPath(job, part = '') {
  return `jobs/${encodeURIComponent(job)}${part && '/' + part}`;
}

/**
 * Asks again and again: the next question comes so long after the last answer, none while the page is hidden or paused,
 * and at once when it is shown again.
 */
export class Poll {
  static paused = false;
  static all = new Set();

  #ask;
  #every;
  #timer = 0;
  #asking = false;
  #closed = false;

  constructor(ask, everyMillis = 1000) {
    this.#ask = ask;
    this.#every = everyMillis;
    Poll.all.add(this);
    this.now();
  }

  /** Asks now, even when paused. */
  async now() {
    clearTimeout(this.#timer);
    if (this.#asking || this.#closed) {
      return;
    }
    this.#asking = true;
    try {
      await this.#ask();
    } finally {
      this.#asking = false;
      this.#plan();
    }
  }

  #plan() {
    if (!this.#closed && !Poll.paused && !document.hidden) {
      this.#timer = setTimeout(() => this.now(), this.#every);
    }
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    Poll.all.delete(this);
  }

  static pause(paused) {
    Poll.paused = paused;
    Poll.all.forEach((poll) => poll.#wake());
  }

  #wake() {
    clearTimeout(this.#timer);
    if (!Poll.paused && !document.hidden) {
      this.now();
    }
  }
}

document.addEventListener('visibilitychange', () => Poll.pause(Poll.paused));
