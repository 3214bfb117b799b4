// Numbers, durations and times as a person reads them. Unknown values are '–'.

export const NONE = '–';
const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P'];
const exactFormat = new Intl.NumberFormat('en', { maximumFractionDigits: 3 });

let zone = 'local';

/** 'local' or 'UTC': the zone of every time that is written from now on. */
export function useZone(name) {
  zone = name;
}

export function zoneName() {
  return zone === 'UTC' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function isNumber(value) {
  return typeof value === 'number' && Number.isFinite(value);
}

/** With all its digits. */
export function exact(value, unit = '') {
  return isNumber(value) ? exactFormat.format(value) + (unit && ' ' + unit) : 'unknown';
}

/** Three digits and an SI prefix: 48.2 k. */
export function si(value) {
  if (!isNumber(value)) {
    return NONE;
  }
  let scaled = Math.abs(value);
  let prefix = 0;
  while (scaled >= 999.5 && prefix < PREFIXES.length - 1) {
    scaled /= 1000;
    prefix++;
  }
  const digits = scaled >= 99.95 || (prefix === 0 && Number.isInteger(scaled)) ? 0 : scaled >= 9.995 ? 1 : 2;
  const text = scaled.toFixed(digits).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  return (value < 0 ? '−' : '') + text + (prefix ? ' ' + PREFIXES[prefix] : '');
}

/** A share in per mille as per cent. */
export function percent(perMille) {
  return isNumber(perMille) ? Math.round(perMille / 10) + ' %' : NONE;
}

/** The two largest units of a length of time. */
export function duration(millis) {
  if (!isNumber(millis)) {
    return NONE;
  }
  if (millis < 0) {
    return '−' + duration(-millis);
  }
  if (millis < 1000) {
    return Math.round(millis) + ' ms';
  }
  if (millis < 9950) {
    return (millis / 1000).toFixed(1) + ' s';
  }
  const seconds = Math.round(millis / 1000);
  const parts = [
    [Math.floor(seconds / 86400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first, first + 2)
    .filter(([amount], i) => i === 0 || amount > 0)
    .map(([amount, unit]) => amount + ' ' + unit)
    .join(' ');
}

/** '12 s ago', or 'in 12 s'. */
export function ago(time, now) {
  const millis = now - Date.parse(time);
  if (Number.isNaN(millis)) {
    return NONE;
  }
  if (Math.abs(millis) < 1000) {
    return 'now';
  }
  const length = duration(Math.round(Math.abs(millis) / 1000) * 1000).replace(/\.0 s$/, ' s');
  return millis < 0 ? 'in ' + length : length + ' ago';
}

function inZone(options) {
  return new Intl.DateTimeFormat('en-GB', zone === 'UTC' ? { ...options, timeZone: 'UTC' } : options);
}

/** 14:03:11 */
export function clock(time) {
  const date = new Date(time);
  return Number.isNaN(date.getTime())
    ? NONE
    : inZone({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(date);
}

/** 2026-11-21 14:03:11.250 UTC+1 */
export function fullTime(time) {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) {
    return NONE;
  }
  const part = {};
  const format = inZone({
    year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    fractionalSecondDigits: 3, hourCycle: 'h23', timeZoneName: 'shortOffset',
  });
  for (const { type, value } of format.formatToParts(date)) {
    part[type] = value;
  }
  const seconds = part.second + (part.fractionalSecond === '000' ? '' : '.' + part.fractionalSecond);
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}:${seconds} `
    + (part.timeZoneName ?? '').replace('GMT', 'UTC');
}

/** A constant as a word: BY_KEY is 'by key'. */
export function words(constant) {
  return String(constant ?? '').toLowerCase().replaceAll('_', ' ');
}

const STATES = {
  RUNNING: ['●', 'running'],
  SUBMITTED: ['◌', 'starting'],
  STARTING: ['◌', 'starting'],
  WAITING_FOR_CODE: ['❚❚', 'suspended'],
  RESTARTING: ['▲', 'degraded'],
  STOPPING: ['◌', 'ending'],
  CANCELLING: ['◌', 'ending'],
  FINISHED: ['✓', 'finished'],
  STOPPED: ['■', 'finished'],
  CANCELLED: ['■', 'finished'],
  FAILED: ['✕', 'failed'],
};

/** Of a job's state: a symbol, the class of its colour, a word. */
export function stateOf(state) {
  const [symbol, tone] = STATES[state] ?? ['?', 'unknown'];
  return { symbol, tone, word: words(state) };
}

export function isOver(state) {
  return ['FINISHED', 'STOPPED', 'CANCELLED', 'FAILED'].includes(state);
}

export const ALL_STATES = Object.keys(STATES);
