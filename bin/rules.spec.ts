import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RULES } from '../contracts/rules/index.js';
import { length } from '../reports/text.js';
import { UsageError } from './errors.js';
import { rulesCommand } from './rules.js';
import { testIo } from './test-io.js';

describe('conform rules', () => {
  it('lists every rule with its level, title and statement, within the width', async () => {
    const io = testIo();
    expect(await rulesCommand({}, io)).to.equal(0);
    const { text } = io.stdout;
    for (const { id, level } of RULES) expect(text).to.match(new RegExp(`^ {2}${level} +${id.replaceAll('.', '\\.')}$`, 'm'));
    expect(text).to.include('(statement 28)');
    expect(text).to.match(new RegExp(`\n${String(RULES.length)} rules: \\d+ must, \\d+ should, \\d+ open\\.`));
    expect(text.split('\n').filter((line) => length(line) > 100 && !line.startsWith('statements'))).to.deep.equal([]);
  });

  it('gives them as JSON, with the lines of the page', async () => {
    const io = testIo();
    await rulesCommand({ json: true }, io);
    const rules = JSON.parse(io.stdout.text) as { id: string; citation: { statements: number[]; lines: [number, number][] } }[];
    expect(rules.map(({ id }) => id)).to.deep.equal(RULES.map(({ id }) => id));
    expect(rules.find(({ id }) => id === 'first_name/charset')?.citation).to.deep.include({ statements: [28], lines: [[22, 22]] });
  });
});

describe('conform rules --document', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'conformance-page-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('exits 1 and says which lines are not those of the page', async () => {
    const io = testIo();
    const path = join(folder, 'page.txt');
    await writeFile(path, 'Something else\n');
    expect(await rulesCommand({ document: path }, io)).to.equal(1);
    expect(io.stdout.text).to.include('is not the page').and.to.include('Line 1 was changed (line 1 of the copy).').and.to.include('Line 46 was removed.');
  });

  it('refuses a file that cannot be read', async () => {
    const error: unknown = await rulesCommand({ document: join(folder, 'none') }, testIo()).catch((reason: unknown) => reason);
    expect(error).to.be.an.instanceOf(UsageError).with.property('message').that.includes('ENOENT');
  });
});
