/** The JSON Schema of `report.json`, as it is published. */
import { RunSchema } from '../contracts/finding.js';

/** The schema as JSON that ends in a newline. Tuples are written as draft 7 has them, so that is the draft it names. */
export function renderSchema(): string {
  return `${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...RunSchema }, null, 2)}\n`;
}
