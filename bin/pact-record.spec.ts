import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { main } from './program.js';
import { testIo } from './test-io.js';

describe('conform pact record', function () {
  this.timeout(20_000);
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'conform-pact-record-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('writes a pact for each call and says which', async () => {
    const io = testIo({ folder });
    expect(await main(['pact', 'record', '--out', 'mine', '--consumer', 'shop', '--provider', 'payments'], io)).to.equal(0);
    const files = ['shop-payments.json', 'shop-read-payments.json', 'shop-update-payments.json'];
    expect(await readdir(join(folder, 'mine'))).to.have.members(files);
    for (const file of files) expect(io.stdout.text).to.match(new RegExp(`mine/${file.replaceAll('.', '\\.')} {2}\\d+ interactions`));
  });

  it('a folder that cannot be one is refused', async () => {
    await writeFile(join(folder, 'file'), '');
    const io = testIo({ folder });
    expect(await main(['pact', 'record', '--out', 'file'], io)).to.equal(3);
    expect(io.stderr.text).to.include('--out').and.include('"file"');
  });

  it('a name that no file can have is refused', async () => {
    const io = testIo({ folder });
    expect(await main(['pact', 'record', '--consumer', '../shop'], io)).to.equal(3);
    expect(io.stderr.text).to.include('--consumer').and.include('"../shop"');
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it('an option given twice is refused', async () => {
    const io = testIo({ folder });
    expect(await main(['pact', 'record', '--out', 'a', '--out', 'b'], io)).to.equal(3);
    expect(io.stderr.text).to.include('--out was given twice');
  });
});
