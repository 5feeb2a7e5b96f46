/** Defects that show only when requests come in a certain order. */
import type { Fault } from './fault.js';

export const ORDER_FAULTS: readonly Fault[] = [
  {
    name: 'refused-reference-not-read-later',
    defect: 'A cache of references that do not exist is filled by refusals and never emptied by a create.',
    breaks: ['sequence/any-order'],
    needs: ['get'],
    mayBreak: ['customers/read'],
    change: ({ found, onRefused }) => {
      const missing = new Set<string>();
      return {
        onRefused: (problems, fields, merchant, world) => {
          const reference = fields.get('object_reference_id');
          if (reference !== undefined) missing.add(reference);
          onRefused(problems, fields, merchant, world);
        },
        found: (id, scope, world, call) => {
          const customer = found(id, scope, world, call);
          return customer !== undefined && missing.has(customer.values.object_reference_id ?? '') ? undefined : customer;
        },
      };
    },
  },
  {
    name: 'duplicate-frees-a-refused-reference',
    defect: 'A second duplicate is taken for a retry once the first was refused.',
    breaks: ['object_reference_id/unique'],
    mayBreak: ['sequence/any-order', 'sequence/race', 'sequence/thousandth', 'sequence/duplicate-changes-nothing', 'response/id-unique'],
    change: ({ isDuplicate }) => {
      const refused = new Set<string>();
      return {
        isDuplicate: (existing, call, fields) => {
          if (!isDuplicate(existing, call, fields)) return false;
          const isRetry = refused.has(existing.id);
          refused.add(existing.id);
          return !isRetry;
        },
      };
    },
  },
];
