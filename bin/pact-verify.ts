/** `conform pact verify`: a provider against recorded contracts, those of files or those of a broker. */
import { resolve } from 'node:path';
import { startReference } from '../contracts/reference/server.js';
import { renderTerminal } from '../reports/terminal.js';
import { WIDTH } from '../reports/text.js';
import { ReportFolder } from '../reports/write.js';
import type { BrokerOptions } from '../suites/pact/broker.js';
import { exchangesOf, runOf } from '../suites/pact/findings.js';
import { loadPacts, parsePact, type LoadedPact } from '../suites/pact/pact-file.js';
import { PROVIDER } from '../suites/pact/recorder.js';
import { VerifierError } from '../suites/pact/verifier-process.js';
import { verify, type BrokerSource, type VerifyOptions } from '../suites/pact/verify.js';
import { EXIT, messageOf, UsageError } from './errors.js';
import { branchOf, commitOf } from './git.js';
import { hasColor, widthOf, type Io } from './io.js';
import { TOOL } from './package.js';
import { brokerFailure, brokerOptions, clientOf } from './pact-broker.js';
import { OWN_PACTS, refuseUnreadable } from './pact-publish.js';
import { refuseWithoutBroker, selectorOf, verifyPlanOf, type VerifyFlags } from './pact-verify-plan.js';
import { DEFAULT_OUT, type Plan } from './resolve.js';

/** What is to be verified and where the verifier finds it. */
interface Wanted {
  readonly pacts: readonly LoadedPact[];
  readonly source: VerifyOptions['source'];
  readonly pendingConsumers: ReadonlySet<string>;
}

/** Verifies, prints and reports; resolves with the exit code. Rejects with a UsageError for what cannot be used. */
export async function pactVerifyCommand(flags: VerifyFlags, io: Io): Promise<number> {
  const plan = await verifyPlanOf(flags, io);
  const broker = flags.pact === undefined || flags.brokerUrl !== undefined ? brokerOptions(flags.brokerUrl, io) : undefined;
  if (flags.pact !== undefined && broker !== undefined)
    throw new UsageError('--pact and --broker-url were both given. Wanted the contracts of files, or those of a broker.');
  if (broker === undefined) refuseWithoutBroker(flags);
  const wanted = broker === undefined ? await fromFiles(flags.pact, io) : await fromBroker(flags, broker, io);
  if (wanted === undefined) return EXIT.blocked;
  for (const note of plan.notes) io.stderr.write(`note: ${note}\n`);
  return carryOut(plan, wanted, io);
}

async function carryOut(plan: Plan, { pacts, source, pendingConsumers }: Wanted, io: Io): Promise<number> {
  const out = plan.out ?? DEFAULT_OUT;
  const folder = await ReportFolder.open(resolve(io.folder, out)).catch((error: unknown) => {
    throw new UsageError(`The report folder ${JSON.stringify(out)} cannot be written to (${messageOf(error)}). Name another one with --out.`);
  });
  const embedded = plan.target === undefined ? await startReference() : undefined;
  const { url, apiKey, merchantId } = plan.target ?? embedded ?? { url: '', apiKey: '', merchantId: '' };
  const { ratePerSecond, timeoutMs, failOn } = plan.config;
  const count = pacts.reduce((sum, { interactions }) => sum + interactions.length, 0);
  io.stderr.write(
    `verifying ${embedded === undefined ? url : 'the embedded reference'} · ${count} interactions of ${pacts.map(({ consumer }) => consumer).join(', ')}\n`,
  );
  const started = new Date();
  try {
    const verification = await verify({
      target: { url, apiKey, merchantId, timeoutMs, signal: io.interrupted, ...(ratePerSecond === undefined ? {} : { ratePerSecond }) },
      pacts,
      source,
    });
    const run = runOf(verification, {
      tool: TOOL,
      target: { url, apiKey, merchantId, embedded: embedded !== undefined },
      started,
      failOn,
      pendingConsumers,
      interrupted: io.interrupted.aborted,
    });
    for (const exchange of exchangesOf(verification, apiKey)) folder.exchange(exchange);
    const { files, unwritten } = await folder.finish(run, plan.formats);
    const text = renderTerminal(run, { color: hasColor(io.stdout, io.environment), verbose: plan.verbose, width: widthOf(io.stdout, WIDTH), files });
    io.stdout.write(`\n${text}`);
    for (const { file, reason, content } of unwritten) {
      io.stderr.write(`conform: ${file} could not be written: ${reason}\n`);
      if (content !== undefined) io.stdout.write(`\n${file}, which could not be written:\n${content}`);
    }
    if (verification.publishingFailed !== undefined) io.stderr.write(`conform: ${verification.publishingFailed}\n`);
    if (run.exitCode === EXIT.ok && unwritten.length > 0) return EXIT.internal;
    return run.exitCode === EXIT.ok && verification.publishingFailed !== undefined ? EXIT.blocked : run.exitCode;
  } catch (error) {
    if (!(error instanceof VerifierError)) throw error;
    io.stderr.write(`conform: Pact's verifier could not do its work: ${error.message}\n`);
    return io.interrupted.aborted ? EXIT.interrupted : EXIT.blocked;
  } finally {
    await embedded?.close();
  }
}

async function fromFiles(paths: readonly string[] | undefined, io: Io): Promise<Wanted> {
  const pacts = await loadPacts(paths?.map((path) => resolve(io.folder, path)) ?? [OWN_PACTS]).catch(refuseUnreadable);
  return { pacts, source: { pactUrls: pacts.map(({ source }) => source) }, pendingConsumers: new Set() };
}

/** The broker's pacts; undefined, with the reason said, where there is none to verify. */
async function fromBroker(flags: VerifyFlags, broker: BrokerOptions, io: Io): Promise<Wanted | undefined> {
  const provider = flags.provider ?? PROVIDER;
  const branch = flags.providerBranch ?? (await branchOf(io.folder, io.environment));
  const version = flags.providerVersion ?? (await commitOf(io.folder));
  const publish = flags.publishResults === true;
  if (publish && version === undefined) throw new UsageError('--publish-results: results belong to a version of the provider. Give --provider-version.');
  if (flags.wipSince !== undefined && !/^\d{4}-\d\d-\d\d/.test(flags.wipSince))
    throw new UsageError(`--wip-since: got ${JSON.stringify(flags.wipSince)}, wanted a date such as 2026-01-31.`);
  if (flags.wipSince !== undefined && flags.pending !== true) throw new UsageError('--wip-since: work in progress is pending. Add --pending.');
  const selectors = flags.selector?.map(selectorOf) ?? [
    { mainBranch: true },
    { deployedOrReleased: true },
    ...(branch === undefined ? [] : [{ matchingBranch: true }]),
  ];
  const client = clientOf(broker, io);
  try {
    const found = await client.wanted({
      provider,
      selectors,
      pending: flags.pending === true,
      ...(flags.wipSince === undefined ? {} : { wipSince: flags.wipSince }),
      ...(branch === undefined ? {} : { branch }),
    });
    if (found.length === 0) {
      io.stderr.write(`conform: the broker has no pact with ${provider} for these selectors, so there is nothing to verify.\n`);
      return undefined;
    }
    const pacts: LoadedPact[] = [];
    for (const { href, notices } of found) {
      for (const notice of notices) io.stderr.write(`note: ${notice}\n`);
      pacts.push(parsePact(await client.pact(href), href));
    }
    const pendingConsumers = new Set(pacts.filter((_, index) => found[index]?.pending).map(({ consumer }) => consumer));
    const { credential } = broker;
    const source: BrokerSource = {
      provider,
      pactBrokerUrl: broker.url,
      ...(credential === undefined
        ? {}
        : 'token' in credential
          ? { pactBrokerToken: credential.token }
          : { pactBrokerUsername: credential.username, pactBrokerPassword: credential.password }),
      consumerVersionSelectors: [...selectors],
      enablePending: flags.pending === true,
      ...(flags.wipSince === undefined ? {} : { includeWipPactsSince: flags.wipSince }),
      ...(branch === undefined ? {} : { providerVersionBranch: branch }),
      publishVerificationResult: publish,
      ...(version === undefined ? {} : { providerVersion: version }),
      ...(flags.buildUrl === undefined ? {} : { buildUrl: flags.buildUrl }),
    };
    return { pacts, source, pendingConsumers };
  } catch (error) {
    brokerFailure(error, io);
    return undefined;
  }
}
