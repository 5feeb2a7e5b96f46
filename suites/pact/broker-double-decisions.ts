/** What the broker's double concludes from what it was told: which pacts to verify, what can be deployed. */
import type { Pact, Records, Result, Version } from './broker-double.js';

export interface Wanted {
  readonly pact: Pact;
  /** Undefined where the verifier did not ask for it. */
  readonly pending?: boolean;
  readonly wip: boolean;
  readonly why: string;
}

const member = (value: unknown, name: string): unknown => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined);

function versionOf(records: Records, pact: Pact): Version | undefined {
  return records.versions.get(pact.consumer)?.find(({ number }) => number === pact.version);
}

/** The latest pact of each consumer among these. */
function latest(pacts: readonly Pact[]): Pact[] {
  const byConsumer = new Map<string, Pact>();
  for (const pact of pacts) {
    const there = byConsumer.get(pact.consumer);
    if (there === undefined || pact.order > there.order) byConsumer.set(pact.consumer, pact);
  }
  return [...byConsumer.values()];
}

function selected(records: Records, pacts: readonly Pact[], selector: unknown, providerBranch: string): { pacts: Pact[]; why: string } {
  const text = (name: string): string => (typeof member(selector, name) === 'string' ? (member(selector, name) as string) : '');
  const of = text('consumer') === '' ? pacts : pacts.filter(({ consumer }) => consumer === text('consumer'));
  const onBranch = (branch: string): Pact[] => of.filter((pact) => versionOf(records, pact)?.branches.has(branch));
  if (text('branch') !== '') return { pacts: latest(onBranch(text('branch'))), why: `latest from branch ${text('branch')}` };
  if (member(selector, 'matchingBranch') === true) return { pacts: latest(onBranch(providerBranch)), why: `latest from branch ${providerBranch}` };
  if (member(selector, 'mainBranch') === true) return { pacts: latest(onBranch('main')), why: 'latest from main branch' };
  if (text('tag') !== '') return { pacts: latest(of.filter((pact) => versionOf(records, pact)?.tags.has(text('tag')))), why: `latest with tag ${text('tag')}` };
  const deployed = ['deployedOrReleased', 'deployed', 'released'].some((name) => member(selector, name) === true);
  if (deployed || text('environment') !== '') {
    const there = (pact: Pact): boolean =>
      records.deployments.some(
        ({ pacticipant, version, environment }) =>
          pacticipant === pact.consumer && version === pact.version && (text('environment') === '' || environment === text('environment')),
      );
    return { pacts: of.filter(there), why: 'deployed or released' };
  }
  return { pacts: latest(of), why: 'latest' };
}

/** A pact is pending for a provider (or for a branch of it) until its content was verified there once. */
function isPending({ results, versions }: Records, { sha, provider }: Pact, branch: string): boolean {
  const onBranch = (result: Result): boolean =>
    branch === '' ||
    versions
      .get(provider)
      ?.find(({ number }) => number === result.providerVersion)
      ?.branches.has(branch) === true;
  return !results.some((result) => result.sha === sha && result.success && onBranch(result));
}

/** The pacts that a provider is to be verified by; those of equal content once. */
export function pactsToVerify(records: Records, provider: string, body: unknown): Wanted[] {
  const of = records.pacts.filter((pact) => pact.provider === provider);
  const given = member(body, 'consumerVersionSelectors');
  const selectors: readonly unknown[] = Array.isArray(given) && given.length > 0 ? (given as readonly unknown[]) : [{}];
  const asked = member(body, 'includePendingStatus') === true;
  const branchGiven = member(body, 'providerVersionBranch');
  const branch = typeof branchGiven === 'string' ? branchGiven : '';
  const found: Wanted[] = [];
  const add = (pact: Pact, why: string, wip: boolean): void => {
    if (found.some((each) => each.pact.sha === pact.sha && each.pact.consumer === pact.consumer)) return;
    found.push({ pact, why, wip, ...(asked || wip ? { pending: wip || isPending(records, pact, branch) } : {}) });
  };
  for (const selector of selectors) {
    const { pacts, why } = selected(records, of, selector, branch);
    for (const pact of pacts) add(pact, why, false);
  }
  const since = member(body, 'includeWipPactsSince');
  if (typeof since === 'string' && asked) {
    const heads = of.filter((pact) => {
      const branches = versionOf(records, pact)?.branches ?? new Set();
      const newer = of.some(
        (other) => other.consumer === pact.consumer && other.order > pact.order && [...branches].some((name) => versionOf(records, other)?.branches.has(name)),
      );
      return branches.size > 0 && !newer && pact.publishedAt >= new Date(since) && isPending(records, pact, branch);
    });
    for (const pact of heads) add(pact, 'work in progress', true);
  }
  return found;
}

export interface Summary {
  readonly deployable: boolean | null;
  readonly reason: string;
  readonly success: number;
  readonly failed: number;
  readonly unknown: number;
}

interface Row {
  readonly consumer: { readonly name: string; readonly version: { readonly number: string } };
  readonly provider: { readonly name: string; readonly version: { readonly number: string } | null };
  readonly verificationResult: { readonly success: boolean } | null;
}

/** A line for each pact between the version and what is deployed in the environment. */
export function matrixOf(records: Records, name: string, number: string, environment: string): Row[] {
  const deployed = (pacticipant: string): string | undefined =>
    records.deployments.find((each) => each.pacticipant === pacticipant && each.environment === environment)?.version;
  const row = (pact: Pact, providerVersion: string | undefined): Row => {
    const results = records.results.filter(({ sha, providerVersion: version }) => sha === pact.sha && version === providerVersion);
    const last = results.sort((a, b) => a.order - b.order).at(-1);
    return {
      consumer: { name: pact.consumer, version: { number: pact.version } },
      provider: { name: pact.provider, version: providerVersion === undefined ? null : { number: providerVersion } },
      verificationResult: last === undefined ? null : { success: last.success },
    };
  };
  const asConsumer = records.pacts.filter((pact) => pact.consumer === name && pact.version === number).map((pact) => row(pact, deployed(pact.provider)));
  const asProvider = records.pacts.filter((pact) => pact.provider === name && deployed(pact.consumer) === pact.version).map((pact) => row(pact, number));
  return [...asConsumer, ...asProvider];
}

/** Whether the version can go to the environment, and the reason in the broker's words. */
export function deployability(records: Records, name: string, number: string, environment: string): Summary {
  if (records.versions.get(name)?.some((version) => version.number === number) !== true)
    return { deployable: null, reason: `No pacts or verifications have been published for version ${number} of ${name}`, success: 0, failed: 0, unknown: 1 };
  const rows = matrixOf(records, name, number, environment);
  const failed = rows.filter(({ verificationResult }) => verificationResult?.success === false).length;
  const success = rows.filter(({ verificationResult }) => verificationResult?.success === true).length;
  const missing = rows.find(({ provider }) => provider.version === null);
  const unknown = rows.length - failed - success;
  if (failed > 0)
    return {
      deployable: false,
      reason: `The verification for the pact between ${name} (${number}) and what is in ${environment} failed`,
      success,
      failed,
      unknown,
    };
  if (missing !== undefined)
    return {
      deployable: false,
      reason: `There is no version of ${missing.provider.name} currently deployed or released in ${environment}`,
      success,
      failed,
      unknown,
    };
  if (unknown > 0)
    return {
      deployable: null,
      reason: `There is no verified pact between ${name} (${number}) and a version that is in ${environment}`,
      success,
      failed,
      unknown,
    };
  return rows.length === 0
    ? { deployable: true, reason: 'There are no missing dependencies', success, failed, unknown }
    : { deployable: true, reason: 'All required verification results are published and successful', success, failed, unknown };
}
