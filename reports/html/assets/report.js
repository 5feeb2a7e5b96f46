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
