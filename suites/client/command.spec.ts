import { expect } from 'chai';
import { CommandError, runCommand, type CommandOptions } from './command.js';

async function run(
  command: readonly [string, ...string[]],
  more: Partial<CommandOptions> = {},
): Promise<{ ended: Awaited<ReturnType<typeof runCommand>>; out: string; err: string }> {
  let [out, err] = ['', ''];
  const ended = await runCommand(command, {
    variables: { CONFORM_URL: 'http://127.0.0.1:9' },
    environment: process.env,
    folder: process.cwd(),
    timeoutMs: 20_000,
    secrets: ['s3cret-key'],
    stdout: (text) => (out += text),
    stderr: (text) => (err += text),
    ...more,
  });
  return { ended, out, err };
}

const node = (code: string): readonly [string, ...string[]] => [process.execPath, '-e', code];

describe('the command of a client', () => {
  it('gets the variables, and its output passes through', async () => {
    const { ended, out, err } = await run(node('console.log(process.env.CONFORM_URL, "é"); console.error(process.env.NO_PROXY); process.exitCode = 3'), {
      environment: { ...process.env, NO_PROXY: 'intranet', no_proxy: '' },
    });
    expect(out).to.equal('http://127.0.0.1:9 é\n');
    expect(err).to.equal('intranet,127.0.0.1,localhost\n');
    expect(ended).to.include({ exitCode: 3, timedOut: false }).and.not.to.have.any.keys('signal', 'keyInOutput');
  });

  it('is refused where there is none of that name, or it cannot be run', async () => {
    const message = async (program: string): Promise<string> => {
      const error: unknown = await run([program]).catch((reason: unknown) => reason);
      return error instanceof CommandError ? error.message : expect.fail(String(error));
    };
    expect(await message('no-such-command')).to.match(/^there is no command "no-such-command"/);
    expect(await message(process.cwd())).to.match(/may not be run/);
  });

  it('that is killed by a signal says which', async () => {
    const { ended } = await run(node('process.kill(process.pid, "SIGKILL")'));
    expect(ended).to.include({ signal: 'SIGKILL' }).and.not.to.have.property('exitCode');
  });

  it('that takes too long is ended with everything it started, also where it does not want to end', async () => {
    const started = performance.now();
    const { ended } = await run(['sh', '-c', 'trap "" TERM; sleep 30 & wait; sleep 30'], { timeoutMs: 100 });
    expect(ended).to.include({ timedOut: true, timeoutMs: 100 });
    expect(performance.now() - started).to.be.lessThan(5000);
  });

  it('that leaves a child in the background behind does not hold us up', async () => {
    const started = performance.now();
    const { ended } = await run(['sh', '-c', 'sleep 30 & exit 0']);
    expect(ended).to.include({ exitCode: 0 });
    expect(performance.now() - started).to.be.lessThan(5000);
  });

  it('is ended early where the run is interrupted', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const { ended } = await run(['sleep', '30'], { signal: controller.signal });
    expect(ended).to.include({ signal: 'SIGTERM', timedOut: false, interrupted: true });
  });

  it('that writes the key is noticed, also where it is written in two pieces', async () => {
    expect((await run(node('process.stderr.write("key s3cret-key")'))).ended.keyInOutput).to.equal('the API key is in stderr');
    const pieces = node('process.stdout.write("s3cret"); setTimeout(() => process.stdout.write("-key"), 50)');
    expect((await run(pieces)).ended.keyInOutput).to.equal('the API key is in stdout');
  });
});
