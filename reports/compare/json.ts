/** `compare.json`. */
import { ComparisonSchema, type Comparison } from '../../contracts/comparison.js';

/** The comparison as JSON that ends in a newline. */
export function renderComparisonJson(comparison: Comparison): string {
  return `${JSON.stringify(comparison, null, 2)}\n`;
}

/** The JSON Schema of `compare.json`, as it is published. */
export function renderComparisonSchema(): string {
  return `${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...ComparisonSchema }, null, 2)}\n`;
}
