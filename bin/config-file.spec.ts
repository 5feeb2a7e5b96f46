import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfigFile } from './config-file.js';
import { UsageError } from './errors.js';

describe('the configuration file', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'conformance-config-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const put = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
  const refusal = async (named?: string): Promise<string> => {
    const error: unknown = await loadConfigFile(folder, named).catch((reason: unknown) => reason);
    if (!(error instanceof UsageError)) return expect.fail(`not refused: ${JSON.stringify(error)}`);
    return error.message;
  };

  it('is not needed', async () => {
    expect(await loadConfigFile(folder)).to.equal(undefined);
  });

  it('is found in the folder, as JSON, YAML or TypeScript, and says the same in each', async () => {
    const options = { seed: 7, rule: ['first_name/*'], rate: 10 };
    for (const [name, text] of [
      ['conformance.config.json', '{ "seed": 7, "rule": "first_name/*", "rate": "10/s" }'],
      ['conformance.config.yaml', 'seed: 7\nrule: [first_name/*]\nrate: 10\n'],
      ['conformance.config.ts', 'const seed: number = 7;\nexport default { seed, rule: ["first_name/*"], rate: "10/s" };\n'],
    ] as const) {
      await put(name, text);
      expect(await loadConfigFile(folder), name).to.deep.equal({ name, options });
      await rm(join(folder, name));
    }
  });

  it('can be another one, by its name', async () => {
    await put('mine.json', '{ "seed": 8 }');
    await put('conformance.config.json', '{ "seed": 7 }');
    expect((await loadConfigFile(folder, 'mine.json'))?.options).to.deep.equal({ seed: 8 });
  });

  it('with an unknown key is refused, and the near one named', async () => {
    await put('conformance.config.yaml', 'merchantid: m\n');
    expect(await refusal()).to.equal('conformance.config.yaml: there is no option "merchantid". Did you mean merchantId?');
  });

  it('with a wrong value is refused by key and file', async () => {
    await put('conformance.config.json', '{ "budget": "big" }');
    expect(await refusal()).to.equal('budget in conformance.config.json: got "big", wanted one of smoke, standard, deep.');
  });

  it('that cannot be read or understood is refused', async () => {
    expect(await refusal('none.json')).to.match(/^none\.json: the configuration file cannot be read \(ENOENT/);
    await put('broken.json', '{ "seed": }');
    expect(await refusal('broken.json')).to.match(/^broken\.json: the configuration file cannot be understood: /);
    await put('broken.yaml', 'a: [1');
    expect(await refusal('broken.yaml')).to.match(/^broken\.yaml: the configuration file cannot be understood: /);
    await put('broken.ts', 'export default {');
    expect(await refusal('broken.ts')).to.match(/^broken\.ts: the configuration file cannot be understood: /);
    await put('throws.ts', 'throw new Error("from within");');
    expect(await refusal('throws.ts')).to.include('from within');
    for (const text of ['[]', '"text"', 'null', '7']) {
      await put('odd.json', text);
      expect(await refusal('odd.json'), text).to.match(/^odd\.json: expected an object with options/);
    }
    await put('config.toml', 'seed = 7');
    expect(await refusal('config.toml')).to.equal('config.toml: a configuration file ends in .json, .yaml, .yml, .ts.');
  });

  it('is refused where there are two', async () => {
    await put('conformance.config.json', '{}');
    await put('conformance.config.yaml', '{}');
    expect(await refusal()).to.equal(
      'There is more than one configuration file: conformance.config.json, conformance.config.yaml. Keep one, or name it with --config.',
    );
  });
});
