import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { page } from './page.js';

describe('the shell of a page', () => {
  const html = page({ title: 'a\u202e<b>', body: 'the content' });
  const only = (pattern: RegExp): string => pattern.exec(html)?.[1] ?? expect.fail(`nothing matches ${String(pattern)}`);
  const policy = only(/http-equiv="Content-Security-Policy" content="([^"]*)"/).replaceAll('&#39;', "'");

  it('lets nothing be loaded, sent or run but its own style and script', () => {
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const [style, script] = [only(/<style>([^]*)<\/style>/), only(/<script>([^]*)<\/script>/)];
    expect(policy.split('; ')).to.deep.equal([
      "default-src 'none'",
      `style-src ${hash(style)}`,
      `script-src ${hash(script)}`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it('has the policy in front of everything that it is about', () => {
    expect(html.indexOf('Content-Security-Policy')).to.be.lessThan(html.indexOf('<style>'));
    expect(html.indexOf('Content-Security-Policy')).to.be.lessThan(html.indexOf('<link'));
  });

  it('neither style nor script ends its own element', () => {
    expect(html.match(/<\/style/g)).to.have.length(1);
    expect(html.match(/<\/script/g)).to.have.length(1);
  });

  it('names no address of the network', () => {
    expect(html.replaceAll(/<link rel="icon"[^>]*>/g, '')).not.to.match(/https?:|url\(|@import/);
  });

  it('begins with a doctype, says its language, and ends in a newline', () => {
    expect(html).to.match(/^<!doctype html>\n<html lang="en">[^]*<\/html>\n$/);
  });

  it('spells hidden characters of the title out, and escapes it', () => expect(only(/<title>([^<]*)<\/title>/)).to.equal('a&lt;RLO>&lt;b>'));
});
