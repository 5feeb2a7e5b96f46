/** Reads an atlas that was written before. */
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { AtlasSchema, ATLAS_VERSION, type Atlas } from '../../contracts/atlas.js';
import type { Run } from '../../contracts/finding.js';

const ajv = new Ajv({ strict: false });
addFormats.default(ajv);
const isAtlas = ajv.compile<Atlas>(AtlasSchema);

/** The file that an atlas is in. */
export const ATLAS_FILE = 'atlas.json';

/** The atlas that a text is, or what is wrong with it. */
export function parseAtlas(text: string): Atlas | { readonly wrong: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { wrong: `is no JSON (${error instanceof Error ? error.message : String(error)})` };
  }
  if (isAtlas(value)) return value;
  const version = typeof value === 'object' && value !== null && 'atlasVersion' in value ? value.atlasVersion : undefined;
  if (version !== undefined && version !== ATLAS_VERSION)
    return { wrong: `has the atlasVersion ${JSON.stringify(version)}, and this version of conform reads ${ATLAS_VERSION}` };
  const [error] = isAtlas.errors ?? [];
  return { wrong: `is no atlas: ${error?.instancePath === '' ? 'it' : (error?.instancePath ?? 'it')} ${error?.message ?? 'does not fit the schema'}` };
}

/** Whether an atlas is of the target of a run. The embedded reference has another port each time. */
export function isOfTarget({ target }: Atlas, run: Run): boolean {
  return run.client === undefined && (target.embedded ? run.target.embedded : !run.target.embedded && target.url === run.target.url);
}
