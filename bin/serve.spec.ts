import { expect } from 'chai';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { FAULTS } from '../contracts/reference/faults.js';
import { VARIANTS } from '../contracts/reference/variants.js';
import { UsageError } from './errors.js';
import { serveCommand, type ServeFlags } from './serve.js';
import { testIo } from './test-io.js';

const refusal = async (flags: ServeFlags): Promise<string> => {
  const io = testIo();
  io.interrupt();
  const error: unknown = await serveCommand(flags, io).catch((reason: unknown) => reason);
  if (!(error instanceof UsageError)) return expect.fail(`not refused: ${JSON.stringify(error)}`);
  return error.message;
};

/** Resolves when the command has said where it listens. */
const listening = async (io: ReturnType<typeof testIo>): Promise<string> => {
  for (let tries = 0; tries < 200; tries++) {
    const url = /^url +(\S+)$/m.exec(io.stdout.text)?.[1];
    if (url !== undefined) return url;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return expect.fail(`it does not listen: ${io.stdout.text}`);
};

describe('conform serve', () => {
  it('says how to reach it, with a curl command that creates a customer, and ends on Ctrl-C with 0', async () => {
    const io = testIo();
    const ended = serveCommand({}, io);
    const url = await listening(io);
    const [, key = '', merchant = ''] = /curl -u '(\S+):' -H 'x-merchantid: (\S+)' \\\n/.exec(io.stdout.text) ?? expect.fail(io.stdout.text);
    const body = new URLSearchParams(
      [...io.stdout.text.matchAll(/--data-urlencode (\S+)=(\S+)/g)].map(([, name = '', value = '']): [string, string] => [name, value]),
    );
    const headers = { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`, 'x-merchantid': merchant };
    const response = await fetch(`${url}/customers`, { method: 'POST', headers, body });
    expect(await response.json()).to.include({ object: 'customer', object_reference_id: 'cust_123489' });
    io.interrupt();
    expect(await ended).to.equal(0);
    const gone: unknown = await fetch(url).catch((error: unknown) => error);
    expect(gone, 'the server after Ctrl-C').to.be.an.instanceOf(Error);
  });

  it('says which variants and which fault it has', async () => {
    const [variant = expect.fail(), fault = expect.fail()] = [VARIANTS[0], FAULTS[0]];
    const io = testIo();
    const ended = serveCommand({ variant: [variant.name], fault: fault.name }, io);
    await listening(io);
    expect(io.stdout.text).to.include(`variant      ${variant.name}: ${variant.reading}`).and.to.include(`fault        ${fault.name}: ${fault.defect}`);
    io.interrupt();
    await ended;
  });

  it('refuses a variant or fault that there is none of, and names a near one', async () => {
    const name = VARIANTS[0]?.name ?? expect.fail();
    expect(await refusal({ variant: [`${name}x`] }))
      .to.match(/^--variant: there is no variant ".*"\. Did you mean /)
      .and.to.include(name);
    expect(await refusal({ fault: 'zzzzzzzzzz' })).to.match(/^--fault: there is no fault "zzzzzzzzzz"\. There are/);
  });

  it('refuses a port that is none, or in use', async () => {
    for (const port of ['x', '-1', '65536', '80.5', '']) expect(await refusal({ port }), port).to.match(/^--port: got ".*", wanted a whole number from 0/);
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    expect(await refusal({ port: String((taken.address() as AddressInfo).port) })).to.match(/in use/);
    await new Promise((resolve) => taken.close(resolve));
  });
});
