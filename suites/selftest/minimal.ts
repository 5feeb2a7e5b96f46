/** Whether a counterexample can be made smaller: tried on the faulty server itself, one step at a time. */
import type { Finding } from '../../contracts/finding.js';
import { FIELDS, type FieldName } from '../../contracts/model.js';
import { ruleById, RULES } from '../../contracts/rules/index.js';
import { startReference, type Reference } from '../../contracts/reference/server.js';
import { encodeForm, type Fields } from '../../generators/wire.js';
import { judgeFieldValue } from '../kit/observation.js';

let tries = 0;

async function isAccepted(reference: Reference, fields: Fields): Promise<boolean> {
  tries += 1;
  const unique = `minimal${String(tries).padStart(8, '0')}`;
  const body = encodeForm(fields.map(([name, value]) => [name, name === 'object_reference_id' && value.length >= 15 ? unique : value] as const));
  const answer = await fetch(`${reference.url}/customers`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-merchantid': reference.merchantId,
      authorization: `Basic ${Buffer.from(`${reference.apiKey}:`).toString('base64')}`,
    },
    body: Uint8Array.from(body),
  });
  return answer.ok;
}

const withoutOne = (text: string): string[] => {
  const characters = [...text];
  return [...new Set(characters.map((_, index) => characters.filter((__, other) => other !== index).join('')))];
};

/** The value without one of its characters. The domain of an address stays a reserved one: no message may reach anyone. */
function shorter(field: FieldName, value: string): string[] {
  if (field !== 'email_address') return withoutOne(value).filter((each) => each !== '');
  const at = value.lastIndexOf('@');
  const [local, domain] = at < 0 ? [value, ''] : [value.slice(0, at), value.slice(at)];
  return withoutOne(local)
    .filter((each) => each !== '')
    .map((each) => each + domain);
}

/** Characters that a good value of the field has at least: a shorter one is a matter of another rule, or left open. */
function shortestOf(field: FieldName): number {
  const lengths = RULES.flatMap((rule) => {
    const constraint = rule.kind === 'input' ? rule.constraint : undefined;
    return constraint?.kind === 'charset' && constraint.scope === 'value' && constraint.field === field ? [constraint.length[0]] : [];
  });
  return Math.max(1, ...lengths);
}

/**
 * For a field's value that was accepted and should not be, or refused and should not be: false when the value without one
 * of its characters, or the request without one of its optional fields, fails just the same. Undefined for other findings.
 */
export async function isMinimal(finding: Finding, fault: string): Promise<boolean | undefined> {
  const rule = ruleById(finding.ruleId);
  const part = finding.counterexample?.part;
  const value = finding.counterexample?.value;
  if (
    rule?.kind !== 'input' ||
    // Spelled plainly it is another request; its value is the shortest that the spelling is about.
    rule.constraint.kind === 'spelling' ||
    finding.verdict === 'flaky' ||
    finding.counterexample?.shrunk !== true ||
    typeof value !== 'string' ||
    !FIELDS.includes(part as FieldName) ||
    part === 'object_reference_id'
  )
    return undefined;
  const field = part as FieldName;
  const fields: Fields = [...new URLSearchParams(finding.counterexample?.request.body.text ?? '')];
  const half = finding.counterexample?.path.split('/')[0];
  const wanted = half === 'conforming' ? 'conforming' : 'violating';
  const smallerValues = shorter(field, value).filter((each) => judgeFieldValue(field, each) === wanted && [...each].length >= shortestOf(field));
  const smaller: Fields[] = [
    ...smallerValues.map((each) => fields.map(([name, old]) => [name, name === field ? each : old] as const)),
    ...fields
      .filter(([name]) => name !== field && !['object_reference_id', 'mobile_number'].includes(name))
      .map(([name]) => fields.filter(([each]) => each !== name)),
  ];
  const reference = await startReference({ fault });
  try {
    for (const each of smaller) if ((await isAccepted(reference, each)) === (half !== 'conforming')) return false;
    return true;
  } finally {
    await reference.close();
  }
}
