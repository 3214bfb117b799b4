// The frame: which view the URL asks for, the header, shortcuts, and whether the server can be reached.

import { get, now, onReach, Poll } from './api.js';
import { h, set, text } from './dom.js';
import { clock, useZone, zoneName } from './format.js';
import { JobView } from './job.js';
import { JobsView } from './jobs.js';

const SHORTCUTS = [
  ['/', 'filter the list'], ['j, k', 'next and previous row or node'], ['Enter', 'open it'], ['Esc', 'close, or back to the list'],
  ['g j', 'list of jobs'], ['.', 'pause or resume'], ['?', 'this list'],
];

const main = document.getElementById('main');
let view = null;
let shown = '';
let prefix = '';

/** The part of the URL behind '#': a path, and parameters that a view changes as its user does. */
class Route {
  constructor() {
    const [path, query] = location.hash.replace(/^#/, '').split(/\?(.*)/s);
    this.path = path || '/jobs';
    this.query = new URLSearchParams(query ?? '');
  }

  /** Null or an empty string takes a parameter away. */
  set(parameters) {
    for (const [name, value] of Object.entries(parameters)) {
      if (value === null || value === '') {
        this.query.delete(name);
      } else {
        this.query.set(name, value);
      }
    }
    history.replaceState(null, '', '#' + this.path + (this.query.size ? '?' + this.query : ''));
    shown = location.hash;
  }
}

function show() {
  if (view && location.hash === shown) {
    return;
  }
  const first = view === null;
  view?.close();
  const route = new Route();
  shown = location.hash;
  const job = route.path.match(/^\/jobs\/([^/]+)$/);
  if (job) {
    view = new JobView(route, decoded(job[1]));
  } else if (route.path === '/jobs') {
    view = new JobsView(route);
  } else {
    view = notFound();
  }
  view.onCrumbs?.(crumbs);
  main.replaceChildren(view.element);
  crumbs();
  if (!first) {
    main.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function notFound() {
  return {
    element: h('div', { class: 'page' }, h('section', { class: 'panel' }, h('h1', {}, 'There is no such page'),
      h('p', {}, h('a', { href: '#/jobs' }, 'All jobs')))),
    crumbs: () => [['Jobs', '#/jobs']],
    close() {},
  };
}

function crumbs() {
  const parts = view.crumbs();
  document.getElementById('crumbs').replaceChildren(...parts.map(([label, href]) =>
    h('li', {}, href ? h('a', { href }, label) : h('span', { 'aria-current': 'page' }, label))));
  document.title = [...parts].reverse().map(([label]) => label).join(' · ') + ' · FluxCore';
}

// Header

function kept(name, usual) {
  try {
    return localStorage.getItem('fluxcore.' + name) ?? usual;
  } catch {
    return usual;
  }
}

function keep(name, value) {
  try {
    localStorage.setItem('fluxcore.' + name, value);
  } catch {
    // It holds for as long as the page is open.
  }
}

const theme = document.getElementById('theme');
theme.value = document.documentElement.dataset.theme;
theme.addEventListener('change', () => {
  document.documentElement.dataset.theme = theme.value;
  keep('theme', theme.value);
});

const zone = document.getElementById('zone');
zone.value = kept('zone', 'local') === 'UTC' ? 'UTC' : 'local';
useZone(zone.value);
zone.options[0].textContent = zoneName() === 'UTC' ? 'local (UTC)' : Intl.DateTimeFormat().resolvedOptions().timeZone;
zone.addEventListener('change', () => {
  useZone(zone.value);
  keep('zone', zone.value);
  shown = '';
  show();
});

const live = document.getElementById('live');
function pause(paused) {
  set(live, 'aria-pressed', String(!paused));
  text(live, paused ? '❚❚ Paused at ' + clock(now()) : '● Live');
  Poll.pause(paused);
}
live.addEventListener('click', () => pause(!Poll.paused));

const skip = document.getElementById('skip');
skip.addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});

// Whether the server is there

const offline = document.getElementById('offline');
onReach((lostAt) => {
  offline.hidden = lostAt === null;
  text(offline, lostAt === null ? '' : `▲ The server cannot be reached since ${clock(lostAt)}. What is shown is from then; this page goes on trying.`);
  document.body.classList.toggle('offline', lostAt !== null);
});

get('info').then(
  (info) => text(document.getElementById('foot'), `${info.name ?? 'FluxCore'} ${info.version} · API at ${new URL('api/v1', document.baseURI)}`),
  () => {},
);

// Shortcuts

function help() {
  const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'help-title' },
    h('form', { method: 'dialog' },
      h('h2', { id: 'help-title' }, 'Keyboard shortcuts'),
      h('dl', { class: 'keys' }, ...SHORTCUTS.map(([key, what]) => h('div', {}, h('dt', {}, ...key.split(/(?<=,? )/).map((k) => h('kbd', {}, k.replace(/[, ]+$/, '')))), h('dd', {}, what)))),
      h('p', { class: 'buttons end' }, h('button', {}, 'Close'))));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
document.getElementById('help').addEventListener('click', help);

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) {
    return;
  }
  const typing = event.target.closest?.('input, select, textarea');
  if (event.key === 'Escape') {
    if (typing) {
      typing.blur();
    } else {
      view.escape?.();
    }
    return;
  }
  if (typing) {
    return;
  }
  const action = {
    '/': () => (view.focusFilter ? view.focusFilter() : undefined),
    '?': help,
    '.': () => pause(!Poll.paused),
    'j': () => (prefix === 'g' ? location.assign('#/jobs') : view.step?.(1)),
    'k': () => view.step?.(-1),
  }[event.key];
  if (action) {
    event.preventDefault();
    action();
  }
  prefix = event.key;
});

addEventListener('hashchange', show);
show();
