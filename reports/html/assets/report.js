// @ts-check
// What a page does beyond being read: copy buttons, filters, permalinks, everything opened for printing. Inlined into the page, which is complete
// without it.

/** Says something to a screen reader. @param {string} text */
function announce(text) {
  const announcer = document.getElementById('announcer');
  if (announcer !== null) announcer.textContent = text;
}

// Copy buttons.

/** The text of a block of code as it was: a hidden character that is shown by name is itself again. @param {Element} block */
function originalText(block) {
  let text = '';
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const hidden = node.parentElement?.closest('.hidden-character');
    text += hidden ? String.fromCodePoint(parseInt(hidden.getAttribute('title')?.slice(2) ?? '', 16)) : (node.nodeValue ?? '');
  }
  return text;
}

/** @param {string} text */
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // A page that is served without TLS has no clipboard of its own.
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

for (const button of document.querySelectorAll('button.copy')) button.removeAttribute('hidden');
document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('button.copy') : null;
  const block = button?.parentElement?.querySelector('pre code');
  if (!button || !block) return;
  const what = button.getAttribute('data-copy') ?? '';
  void toClipboard(originalText(block)).then((done) => {
    const label = button.firstChild;
    if (label !== null) label.nodeValue = done ? 'Copied' : 'Not copied';
    announce(done ? `Copied ${what}` : `The browser does not let ${what} be copied`);
    setTimeout(() => {
      if (label !== null) label.nodeValue = 'Copy';
    }, 2000);
    if (button instanceof HTMLElement) button.focus();
  });
});

// Filters.

const form = /** @type {HTMLFormElement | null} */ (document.getElementById('filters'));
/** Rules, and mentions of rules that are told elsewhere. @type {HTMLElement[]} */
const rules = [...document.querySelectorAll('[data-verdict]')].filter((element) => element instanceof HTMLElement);
/** @type {WeakMap<HTMLElement, string>} */
const texts = new WeakMap();
/** What the filters opened, to be closed again with them. @type {Set<HTMLDetailsElement>} */
const openedByFilters = new Set();

/** All that a rule says, and the statement that it is under, in small letters. @param {HTMLElement} rule */
function textOf(rule) {
  let text = texts.get(rule);
  if (text === undefined) {
    text = `${rule.closest('.statement')?.querySelector('.meaning')?.textContent ?? ''} ${rule.textContent}`.toLowerCase();
    texts.set(rule, text);
  }
  return text;
}

function applyFilters() {
  if (form === null) return;
  const data = new FormData(form);
  const words = String(data.get('search')).toLowerCase().split(/\s+/).filter(Boolean);
  const verdicts = data.getAll('verdict');
  const [level, topic] = [data.get('level'), data.get('topic')];
  const active = words.length > 0 || verdicts.length > 0 || level !== '' || topic !== '';
  const shown = new Set();
  for (const rule of rules) {
    const { verdict = '', level: own, topic: about } = rule.dataset;
    const matches =
      (verdicts.length === 0 || verdicts.includes(verdict)) &&
      (level === '' || level === own) &&
      (topic === '' || topic === about) &&
      (words.length === 0 || words.every((word) => textOf(rule).includes(word)));
    rule.hidden = !matches;
    if (matches && rule.id !== '') shown.add(rule.id);
  }
  for (const statement of document.querySelectorAll('.statement')) {
    if (!(statement instanceof HTMLElement)) continue;
    const isPlain = statement.hasAttribute('data-plain');
    const plainMatches = verdicts.length === 0 && level === '' && topic === '' && words.every((word) => statement.textContent.toLowerCase().includes(word));
    statement.hidden = active && (isPlain ? !plainMatches : statement.querySelector('[data-verdict]:not([hidden])') === null);
    const details = statement.querySelector('details');
    if (details === null) continue;
    if (active && !statement.hidden && !details.open) {
      details.open = true;
      openedByFilters.add(details);
    }
  }
  if (!active) {
    for (const details of openedByFilters) details.open = false;
    openedByFilters.clear();
  }
  for (const group of document.querySelectorAll('.topic')) {
    if (group instanceof HTMLElement) group.hidden = active && group.querySelector('.statement:not([hidden]), .topic > .rule:not([hidden])') === null;
  }
  const total = rules.filter(({ id }) => id !== '').length;
  const output = form.querySelector('output');
  if (output !== null) output.textContent = active ? `${shown.size} of ${total} rules` : '';
  announce(active ? `${shown.size} of ${total} rules shown` : '');
}

if (form !== null) {
  form.hidden = false;
  let timer = 0;
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = window.setTimeout(applyFilters, 120);
  });
  form.addEventListener('reset', () => window.setTimeout(applyFilters));
  form.addEventListener('submit', (event) => event.preventDefault());
  document.addEventListener('click', (event) => {
    const only = event.target instanceof Element ? event.target.closest('[data-only]')?.getAttribute('data-only') : undefined;
    if (!only) return;
    form.reset();
    for (const input of form.querySelectorAll('input[name=verdict]')) {
      if (input instanceof HTMLInputElement) input.checked = input.value === only;
    }
    window.setTimeout(applyFilters);
  });
}

// Permalinks.

/** Shows what the address points at: opens what encloses it, and takes back a filter that hides it. */
function reveal() {
  let id = location.hash.slice(1);
  try {
    id = decodeURIComponent(id);
  } catch {
    // A percent sign that escapes nothing is part of the name.
  }
  const target = id === '' ? null : document.getElementById(id);
  if (target === null) return;
  if (target.closest('[hidden]') !== null) {
    form?.reset();
    applyFilters();
  }
  const inner = target instanceof HTMLDetailsElement ? target : target.matches('.statement') ? target.querySelector('details') : null;
  if (inner !== null) inner.open = true;
  for (let parent = target.parentElement; parent !== null; parent = parent.parentElement) {
    if (parent instanceof HTMLDetailsElement) {
      parent.open = true;
      openedByFilters.delete(parent);
    }
  }
  target.scrollIntoView({ block: 'start' });
  const focusable = target.querySelector('summary');
  if (target.matches('.rule, .statement, .shape') && focusable !== null) focusable.focus({ preventScroll: true });
}

window.addEventListener('hashchange', reveal);
// The browser follows the address too, and later: where it leads is closed then, and the focus is nowhere.
window.addEventListener('load', reveal);
// A link to where the address is already changes nothing, and still has to lead there.
document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
  if (link !== null && link.getAttribute('href') === location.hash) window.setTimeout(reveal);
});
reveal();

// Printing, where the style alone cannot open what is closed.

/** @type {HTMLDetailsElement[]} */
let openedToPrint = [];
window.addEventListener('beforeprint', () => {
  openedToPrint = [...document.querySelectorAll('details')].filter(
    (details) => !details.open && !details.matches('.raw, .as-table, .control, .shape, .rule.good'),
  );
  for (const details of openedToPrint) details.open = true;
});
window.addEventListener('afterprint', () => {
  for (const details of openedToPrint) details.open = false;
});
