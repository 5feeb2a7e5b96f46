/** Reads and updates. */
import type { Change, Customer, World } from '../behaviour.js';
import { everyNth, refusedWith, shown, type Fault } from './fault.js';

const atRead = (written: Parameters<typeof shown>[0]): Change =>
  shown((members, customer, call) => (call.route.kind === 'read' ? written(members, customer, call) : members));
const anyone = (world: World, id: string): Customer | undefined =>
  [...new Set(world.merchants.map(({ merchantId }) => world.store.byId(merchantId, id)))].find((found) => found !== undefined);

export const SIBLING_FAULTS: readonly Fault[] = [
  {
    name: 'read-without-credential',
    defect: 'The filter that checks credentials is mapped to POST.',
    breaks: ['customers/read-credential'],
    needs: ['get'],
    mayBreak: ['customers/read-second-merchant'],
    change: ({ admitted }) => ({
      admitted: (merchant, call, world) => admitted(merchant, call, world) ?? (call.route.kind === 'read' ? world.merchants[0] : undefined),
    }),
  },
  {
    name: 'read-with-any-key',
    defect: 'A read needs a credential, and any will do.',
    breaks: ['customers/read-credential'],
    needs: ['get'],
    change: ({ admitted }) => ({
      admitted: (merchant, call, world) =>
        admitted(merchant, call, world) ?? (call.route.kind === 'read' && (call.headers.authorization ?? '') !== '' ? world.merchants[0] : undefined),
    }),
  },
  {
    name: 'head-without-credential',
    defect: 'The filter that checks credentials is mapped to GET and POST.',
    breaks: ['customers/read-credential'],
    needs: ['get'],
    change: ({ admitted }) => ({
      admitted: (merchant, call, world) => admitted(merchant, call, world) ?? (call.method === 'HEAD' ? world.merchants[0] : undefined),
    }),
  },
  {
    name: 'update-without-credential',
    defect: 'The route of updates was added outside of the filter that checks credentials.',
    breaks: ['customers/read-credential'],
    needs: ['get', 'update'],
    change: ({ admitted }) => ({
      admitted: (merchant, call, world) => admitted(merchant, call, world) ?? (call.route.kind === 'update' ? world.merchants[0] : undefined),
    }),
  },
  {
    name: 'update-across-merchants',
    defect: 'A customer is updated by its id alone.',
    breaks: ['customers/read-second-merchant'],
    needs: ['get', 'update', 'second-merchant'],
    change: ({ found }) => ({ found: (id, scope, world, call) => (call.route.kind === 'update' ? anyone(world, id) : found(id, scope, world, call)) }),
  },
  {
    name: 'read-as-the-merchant-of-the-header',
    defect: 'Whose customers are read is taken from x-merchantid, and the key only has to be some key.',
    breaks: ['customers/read-second-merchant'],
    needs: ['get', 'second-merchant'],
    change: ({ merchantOf }) => ({
      merchantOf: (merchant, call, world) =>
        (call.route.kind === 'read' ? world.merchants.find(({ merchantId }) => merchantId === call.headers['x-merchantid']) : undefined) ??
        merchantOf(merchant, call, world),
    }),
  },
  {
    name: 'read-names-cut',
    defect: 'The column of last_name has 20 characters, and the create answers before it is written.',
    breaks: ['customers/read'],
    needs: ['get'],
    mayBreak: ['sequence/duplicate-changes-nothing', 'customers/update'],
    change: atRead((members) => ({
      ...members,
      last_name: typeof members['last_name'] === 'string' ? members['last_name'].slice(0, 20) : members['last_name'],
    })),
  },
  {
    name: 'read-across-merchants',
    defect: 'A customer is read by its id alone.',
    breaks: ['customers/read-second-merchant'],
    needs: ['get', 'second-merchant'],
    change: ({ found }) => ({ found: (id, scope, world, call) => (call.route.kind === 'read' ? anyone(world, id) : found(id, scope, world, call)) }),
  },
  {
    name: 'read-across-merchants-one-way',
    defect: 'The first merchant of the platform reads everything.',
    breaks: ['customers/read-second-merchant'],
    needs: ['get', 'second-merchant'],
    change: ({ found }) => ({
      found: (id, scope, world, call) =>
        found(id, scope, world, call) ?? (call.route.kind === 'read' && scope === world.merchants[0]?.merchantId ? anyone(world, id) : undefined),
    }),
  },
  {
    name: 'read-address-in-small-letters',
    defect: 'A read gives the address in small letters, since it comes from the index.',
    breaks: ['customers/read'],
    needs: ['get'],
    change: atRead((members) => ({
      ...members,
      email_address: typeof members['email_address'] === 'string' ? members['email_address'].toLowerCase() : members['email_address'],
    })),
  },
  {
    name: 'read-leaves-out-last-name',
    defect: 'A read leaves out last_name.',
    breaks: ['customers/read'],
    needs: ['get'],
    mayBreak: ['sequence/duplicate-changes-nothing', 'customers/update'],
    change: atRead(({ last_name: _, ...members }) => members),
  },
  {
    name: 'read-number-as-number',
    defect: 'A read gives mobile_number as a JSON number.',
    breaks: ['customers/read'],
    needs: ['get'],
    change: atRead((members) => ({ ...members, mobile_number: Number(members['mobile_number']) })),
  },
  {
    name: 'read-names-swapped',
    defect: 'A read gives the names the wrong way round.',
    breaks: ['customers/read'],
    needs: ['get'],
    change: atRead((members) => ({ ...members, first_name: members['last_name'], last_name: members['first_name'] })),
  },
  {
    name: 'read-updated-now',
    defect: 'last_updated is the time of the read.',
    breaks: ['customers/read'],
    needs: ['get'],
    mayBreak: ['sequence/duplicate-changes-nothing'],
    change: ({ members, date }) => ({
      members: (given, customer, call) =>
        call.route.kind === 'read'
          ? { ...members(given, customer, call), last_updated: date(Date.now() + 1_000, 'last_updated', call) }
          : members(given, customer, call),
    }),
  },
  {
    name: 'read-created-in-another-zone',
    defect: 'A read gives date_created three hours later, in the zone of the database.',
    breaks: ['customers/read'],
    needs: ['get'],
    change: ({ members, date }) => ({
      members: (given, customer, call) =>
        call.route.kind === 'read'
          ? { ...members(given, customer, call), date_created: date(customer.createdAt - 3 * 3_600_000, 'date_created', call) }
          : members(given, customer, call),
    }),
  },
  {
    name: 'read-counts',
    defect: 'Each read moves last_updated by a second.',
    breaks: ['customers/read'],
    needs: ['get'],
    mayBreak: ['sequence/duplicate-changes-nothing'],
    change: ({ found }) => ({
      found: (id, scope, world, call) => {
        const customer = found(id, scope, world, call);
        if (customer !== undefined && call.route.kind === 'read') customer.updatedAt += 1_000;
        return customer;
      },
    }),
  },
  {
    name: 'read-gives-the-newest',
    defect: 'A read is answered from a cache of one customer.',
    breaks: ['customers/read'],
    needs: ['get'],
    mayBreak: ['privacy/other-customers', 'customers/read-second-merchant', 'sequence/duplicate-changes-nothing', 'sequence/own-request', 'customers/update'],
    change: ({ found }) => {
      let newest: Customer | undefined;
      return {
        members: (given, customer, call) => {
          if (call.route.kind === 'create') newest = customer;
          return given;
        },
        found: (id, scope, world, call) => {
          const customer = found(id, scope, world, call);
          return customer !== undefined && call.route.kind === 'read' && newest?.scope === scope ? newest : customer;
        },
      };
    },
  },
  {
    name: 'read-once',
    defect: 'The second read of a customer does not find it.',
    breaks: ['customers/read'],
    needs: ['get'],
    mayBreak: ['sequence/duplicate-changes-nothing', 'customers/update'],
    change: ({ found }) => {
      const read = new Set<Customer>();
      return {
        found: (id, scope, world, call) => {
          const customer = found(id, scope, world, call);
          if (customer === undefined || call.route.kind !== 'read') return customer;
          if (read.has(customer)) return undefined;
          read.add(customer);
          return customer;
        },
      };
    },
  },
  {
    name: 'read-now-and-then-404',
    defect: 'One of four replicas has lost customers that it had: what was read is not found the next time.',
    breaks: ['customers/read'],
    needs: ['get'],
    intermittent: true,
    oneIn: 4,
    mayBreak: ['sequence/duplicate-changes-nothing', 'customers/update', 'customers/read-credential', 'customers/read-second-merchant'],
    change: ({ found }) => {
      const lost = everyNth(4);
      const read = new Set<Customer>();
      return {
        found: (id, scope, world, call) => {
          const customer = found(id, scope, world, call);
          if (customer === undefined || call.route.kind !== 'read' || !read.has(customer)) {
            if (customer !== undefined) read.add(customer);
            return customer;
          }
          return lost() ? undefined : customer;
        },
      };
    },
  },
  {
    name: 'unknown-customer-answered-400',
    defect: 'An id that is not known is answered 400.',
    breaks: ['customers/read-unknown'],
    needs: ['get'],
    mayBreak: ['customers/read-by-reference', 'error/unknown-customer-shape'],
    change: refusedWith('unknown-customer', 400),
  },
  {
    name: 'unknown-customer-answered-200',
    defect: 'An id that is not known is answered 200 with null.',
    breaks: ['customers/read-unknown'],
    needs: ['get'],
    mayBreak: ['customers/read-by-reference', 'customers/read-second-merchant', 'error/unknown-customer-shape', 'robustness/paths'],
    change: ({ bodies, statuses }) => ({
      statuses: { ...statuses, 'unknown-customer': 200 },
      bodies: { ...bodies, 'unknown-customer': () => ({ customer: null }) },
    }),
  },
  {
    name: 'unknown-customer-created',
    defect: 'A read of an id that is not known gives an empty customer of that id.',
    breaks: ['customers/read-unknown'],
    needs: ['get'],
    mayBreak: ['customers/read-by-reference', 'customers/read-second-merchant', 'error/unknown-customer-shape'],
    change: ({ found }) => ({
      found: (id, scope, world, call) =>
        found(id, scope, world, call) ?? (call.route.kind === 'read' ? { id, scope, values: {}, createdAt: Date.now(), updatedAt: Date.now() } : undefined),
    }),
  },
  {
    name: 'update-clears-what-is-not-sent',
    defect: 'An update replaces the customer.',
    breaks: ['customers/update'],
    needs: ['get', 'update'],
    change: () => ({
      changed: ({ values: { object_reference_id } }, sent) => ({ ...(object_reference_id !== undefined && { object_reference_id }), ...sent }),
    }),
  },
  {
    name: 'update-changes-nothing',
    defect: 'An update answers 200 and changes nothing.',
    breaks: ['customers/update'],
    needs: ['get', 'update'],
    change: () => ({ changed: ({ values }) => values }),
  },
  {
    name: 'update-forgets-the-last-name',
    defect: 'last_name is missing in the list of what an update changes.',
    breaks: ['customers/update'],
    needs: ['get', 'update'],
    change: ({ changed }) => ({ changed: (customer, { last_name: _, ...sent }) => changed(customer, sent) }),
  },
  {
    name: 'update-changes-the-reference',
    defect: 'An update writes the mobile number into object_reference_id too.',
    breaks: ['customers/update'],
    needs: ['get', 'update'],
    change: ({ changed }) => ({
      changed: (customer, sent) => ({ ...changed(customer, sent), ...(sent.mobile_number !== undefined && { object_reference_id: sent.mobile_number }) }),
    }),
  },
];
