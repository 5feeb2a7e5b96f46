/** Checks of rules about requests, against targets that are functions. */
import { expect } from 'chai';
import type { FieldName, InputRule } from '../../contracts/model.js';
import { RULES } from '../../contracts/rules/index.js';
import { Controls } from './controls.js';
import { fieldOf, type Draft } from './draft.js';
import { InputCheck } from './input-check.js';
import { judgeFieldValue } from './observation.js';
import { ScriptedContext, type Script, type Sent } from './scripted.spec-help.js';

export const REFUSED = { status: 400, text: '{"status":"Bad Request"}' };

export function inputRule(id: string): InputRule {
  const rule = RULES.find((each) => each.id === id);
  return rule?.kind === 'input' ? rule : expect.fail(`there is no rule ${id} about requests`);
}

const MANDATORY: readonly string[] = ['object_reference_id', 'mobile_number'] satisfies FieldName[];

const isBad = ({ fields, credential, merchant }: Draft): boolean =>
  fields.some(([name, value]) => judgeFieldValue(name as FieldName, value) === 'violating' || (MANDATORY.includes(name) && value === '')) ||
  MANDATORY.some((name) => !fields.some(([each]) => each === name)) ||
  !['canonical', 'scheme-lower-case', 'scheme-upper-case', 'scheme-mixed-case'].includes(credential) ||
  merchant === 'other';

/** What comes back of a field that was sent, and no token where none was asked for. */
export const echo = ({ draft }: Sent): { members: Record<string, unknown> } => ({
  members: {
    ...Object.fromEntries(draft.fields.filter(([name]) => !name.includes('.'))),
    ...(fieldOf(draft, 'options.get_client_auth_token') === 'true' ? {} : { juspay: undefined }),
  },
});

/** A target that keeps every rule about fields and credentials. */
export const careful: Script = (sent) => (isBad(sent.draft) ? REFUSED : echo(sent));

/** One that refuses some requests more. */
export const refusing =
  (isRefused: (sent: Sent) => boolean, given: ReturnType<Script> = REFUSED): Script =>
  (sent, number) =>
    isRefused(sent) ? given : careful(sent, number);

/** Whether a request was sent with such a value of the field. */
export const has =
  (field: FieldName, pattern: RegExp): ((sent: Sent) => boolean) =>
  ({ draft }) =>
    pattern.test(fieldOf(draft, field) ?? '');

export interface SetUp {
  readonly context: ScriptedContext;
  readonly controls: Controls;
  readonly check: InputCheck;
  /** What the rule itself has sent, its confirmations not among it. */
  readonly sent: () => readonly Sent[];
}

/** A check whose run was opened. */
export async function setUp(
  ruleId: string | InputRule,
  script: Script = careful,
  config: ConstructorParameters<typeof ScriptedContext>[1] = {},
): Promise<SetUp> {
  const rule = typeof ruleId === 'string' ? inputRule(ruleId) : ruleId;
  const context = new ScriptedContext(script, config);
  const controls = new Controls(context);
  expect(await controls.open(), 'why the run does not open').to.equal(undefined);
  return {
    context,
    controls,
    check: new InputCheck(context, controls, rule),
    sent: () => context.sent.filter(({ intent }) => intent.ruleId === rule.id && ['conforming', 'violating'].includes(intent.purpose)),
  };
}

export const valuesOf = (sent: readonly Sent[], field: FieldName): (string | undefined)[] => sent.map(({ draft }) => fieldOf(draft, field));
