/** `report.json`: the run as its schema describes it, members in the schema's order, so that two reports can be compared. */
import { RunSchema, type Run } from '../contracts/finding.js';
import { inRuleOrder } from './order.js';

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode | readonly SchemaNode[];
}

/** The run as JSON that ends in a newline: findings in the order of the rules, created ids and readings sorted. */
export function renderJson(run: Run): string {
  const sorted: Run = { ...run, idsCreated: [...run.idsCreated].sort(), findings: inRuleOrder(run.findings) };
  return `${JSON.stringify(ordered(sorted, RunSchema as SchemaNode), null, 2)}\n`;
}

/** The value with the members of its objects in the schema's order, and those that the schema does not name behind them by name. */
function ordered(value: unknown, schema: SchemaNode | undefined): unknown {
  if (Array.isArray(value)) {
    const { items } = schema ?? {};
    const isTuple = (nodes: typeof items): nodes is readonly SchemaNode[] => Array.isArray(nodes);
    return value.map((item, index) => ordered(item, isTuple(items) ? items[index] : items));
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Readonly<Record<string, unknown>>;
  const known = Object.keys(schema?.properties ?? {}).filter((name) => members[name] !== undefined);
  const others = Object.keys(members)
    .filter((name) => !known.includes(name))
    .sort();
  return Object.fromEntries([...known, ...others].map((name) => [name, ordered(members[name], schema?.properties?.[name])]));
}
