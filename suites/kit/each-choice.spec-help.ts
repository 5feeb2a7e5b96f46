/** Good inputs of a few words for specs of requests with several of them, and what becomes of each. */
import { expect } from 'chai';
import type { FieldName, InputRule } from '../../contracts/model.js';
import { RULES } from '../../contracts/rules/index.js';
import { choices } from '../../generators/input.js';
import type { RunConfig } from './config.js';
import { Controls } from './controls.js';
import { fieldOf } from './draft.js';
import { EachChoice, type GoodInput } from './each-choice.js';
import type { Observation } from './observation.js';
import { ScriptedContext, type Script, type Sent } from './scripted.spec-help.js';

export const NAMES = ['first_name', 'last_name', 'mobile_number'] as const;

function ruleOf(id: string): InputRule {
  const rule = RULES.find((each) => each.id === id);
  return rule?.kind === 'input' ? rule : expect.fail(`there is no rule ${id} about inputs`);
}

export interface Told {
  /** What was said of the inputs, in its order: `note first_name=a`, `probe first_name=a`. */
  readonly events: string[];
  /** What was looked at to say whether an input holds. */
  readonly looked: Observation[];
}

/** What a target makes of values: by itself each is taken, and beside others it holds where the request was accepted, unless this says otherwise. */
export interface Makes {
  readonly probe?: (value: string) => boolean | undefined | Promise<boolean | undefined>;
  readonly holds?: (value: string, observation: Observation) => boolean;
}

/** A good value of a field; an empty one leaves the field out. */
export function good(
  told: Told,
  field: FieldName,
  value: string,
  { probe = () => true, holds = (_, { outcome }) => outcome === 'accepted' }: Makes = {},
): GoodInput {
  const input = choices([
    { name: value, input: (fresh) => ({ part: 'field', field, value: field === 'object_reference_id' ? fresh(8, 'word') : value === '' ? null : value }) },
  ]);
  return {
    rule: ruleOf(`${field}/${field === 'object_reference_id' || field === 'mobile_number' ? 'length' : 'charset'}`),
    part: field,
    input: input ?? expect.fail('no input'),
    shape: { kind: 'choice', name: value },
    holds: (observation) => (told.looked.push(observation), holds(value, observation)),
    note: () => void told.events.push(`note ${field}=${value}`),
    probe: async () => {
      told.events.push(`probe ${field}=${value}`);
      return probe(value);
    },
  };
}

export interface Play extends Told {
  readonly context: ScriptedContext;
  readonly controls: Controls;
  readonly eachChoice: EachChoice;
}

export interface PlayOptions extends Makes {
  readonly config?: Partial<RunConfig>;
  readonly absent?: readonly (readonly [field: FieldName, value: string])[];
  readonly spare?: number;
  /** The samples that open a run are sent first. */
  readonly opened?: boolean;
}

/** The requests with good values of each field, each field with a check of its own. */
export async function played(
  values: Partial<Readonly<Record<FieldName, readonly string[]>>>,
  script: Script = () => ({}),
  { config, absent = [], spare, opened = false, ...makes }: PlayOptions = {},
): Promise<Play> {
  const told: Told = { events: [], looked: [] };
  const context = new ScriptedContext(script, config);
  const controls = new Controls(context);
  if (opened) {
    expect(await controls.open(), 'why no run can be opened').to.equal(undefined);
    context.sent.length = 0;
  }
  if (spare !== undefined) context.reserve(spare);
  const eachChoice = new EachChoice(
    context,
    controls,
    Object.entries(values).map(([field, all]) => all.map((value) => good(told, field as FieldName, value, makes))),
    absent.map(([field, value]) => good(told, field, value, makes)),
  );
  return { ...told, context, controls, eachChoice };
}

/** Runs all requests one after the other. */
export async function run({ eachChoice }: Play): Promise<void> {
  for (const item of eachChoice.items()) await item.run();
}

/** The values that a request had of some fields, in one line. */
export function valuesOf({ draft }: Pick<Sent, 'draft'>, fields: readonly FieldName[] = NAMES): string {
  return fields.map((field) => fieldOf(draft, field) ?? '-').join(' ');
}
