/** The comparison as JSON, and the JSON Schema of it, as it is published. */
import { RunDiffSchema, type RunDiff } from '../../contracts/run-diff.js';

/** The comparison as JSON that ends in a newline. */
export function renderDiffJson(diff: RunDiff): string {
  return `${JSON.stringify(diff, null, 2)}\n`;
}

/** The schema as JSON that ends in a newline. Tuples are written as draft 7 has them, so that is the draft it names. */
export function renderDiffSchema(): string {
  return `${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...RunDiffSchema }, null, 2)}\n`;
}
