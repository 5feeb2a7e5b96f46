/** `conformance.config.{json,yaml,ts}`: found, read and checked. */
import { createJiti } from 'jiti';
import { readFile, stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { messageOf, UsageError } from './errors.js';
import { normalise, validate, type RunOptions } from './options.js';

const EXTENSIONS = ['json', 'yaml', 'yml', 'ts'] as const;
const NAMES = EXTENSIONS.map((extension) => `conformance.config.${extension}`);

export interface ConfigFile {
  /** As it was named, or found. */
  readonly name: string;
  readonly options: RunOptions;
}

/**
 * The configuration file: the one that is named, else the one in the folder. Undefined where none is named and there is
 * none. Rejects with a UsageError where it cannot be read or holds what no option is.
 */
export async function loadConfigFile(folder: string, named?: string): Promise<ConfigFile | undefined> {
  const name = named ?? (await findIn(folder));
  if (name === undefined) return undefined;
  const path = resolve(folder, name);
  if (!(EXTENSIONS as readonly string[]).includes(extname(path).slice(1)))
    throw new UsageError(`${name}: a configuration file ends in ${EXTENSIONS.map((extension) => `.${extension}`).join(', ')}.`);
  const values = await read(path, name);
  if (typeof values !== 'object' || values === null || Array.isArray(values))
    throw new UsageError(`${name}: expected an object with options, such as { "url": "https://sandbox.juspay.in" }.`);
  const normalised = normalise(values as Readonly<Record<string, unknown>>);
  const labels = Object.fromEntries(Object.keys(normalised).map((key) => [key, `${key} in ${basename(name)}`]));
  return { name, options: validate(normalised, labels, name) };
}

async function findIn(folder: string): Promise<string | undefined> {
  const exists = await Promise.all(
    NAMES.map((name) =>
      stat(resolve(folder, name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  const found = NAMES.filter((_, index) => exists[index]);
  if (found.length > 1) throw new UsageError(`There is more than one configuration file: ${found.join(', ')}. Keep one, or name it with --config.`);
  return found[0];
}

async function read(path: string, name: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${name}: the configuration file cannot be read (${messageOf(error)}).`);
  });
  try {
    if (path.endsWith('.json')) return JSON.parse(text) as unknown;
    if (path.endsWith('.ts')) return await createJiti(import.meta.url).import<unknown>(path, { default: true });
    return parseYaml(text) as unknown;
  } catch (error) {
    throw new UsageError(`${name}: the configuration file cannot be understood: ${messageOf(error)}`);
  }
}
