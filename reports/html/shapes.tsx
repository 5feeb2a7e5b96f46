/** @jsxRuntime automatic */ /** @jsxImportSource preact */
/** The shapes of the answers: each distinct one once, with how often it came and a sample. */
import type { JSX } from 'preact';
import type { Occasion, Rule } from '../../contracts/model.js';
import { count, plural } from '../text.js';
import { groupBy } from '../words.js';
import { ExchangeView } from './exchange.js';
import type { Observations, Shape } from './observe.js';
import { Code, cut, Text } from './parts.js';

const shapeAnchor = (number: number): string => `shape-${String(number)}`;

/** Characters of a shape on a line. */
const GLANCE_LENGTH = 200;

/** Shapes that a rule lists; all of them are in their own section. */
const LISTED = 8;

/** Every shape, by kind of request. */
export function Shapes({ observations: { shapes } }: { readonly observations: Observations }): JSX.Element {
  const numbered = shapes.map((shape, index) => ({ shape, number: index + 1 }));
  return (
    <>
      {groupBy(numbered, ({ shape }) => shape.kind).map(([kind, group]) => (
        <div class="shape-group">
          <h3>
            {kind} <span class="aside">{plural(group.length, 'shape')}</span>
          </h3>
          {group.map(({ shape, number }) => (
            <details class="shape" id={shapeAnchor(number)}>
              <summary>
                <Status status={shape.status} /> <span class="times">{count(shape.count)} ×</span>{' '}
                <Glance shape={shape} beside={group.find((other) => other.shape.status === shape.status)?.shape} />
              </summary>
              <div class="shape-body">
                <Code text={shape.structure} />
                <p class="label">
                  A sample, sent for <Text text={shape.sample.ruleId} />
                </p>
                <ExchangeView exchange={shape.sample} />
              </div>
            </details>
          ))}
        </div>
      ))}
    </>
  );
}

/** The shapes of the answers that a rule about responses applies to, as links to them; null for other rules. */
export function ShapesOfRule({ rule, observations }: { readonly rule: Rule | undefined; readonly observations: Observations }): JSX.Element | null {
  const applies = rule === undefined ? undefined : applicable(rule);
  if (applies === undefined) return null;
  const found = observations.shapes.map((shape, index) => ({ shape, number: index + 1 })).filter(({ shape }) => applies(shape));
  if (found.length === 0) return null;
  return (
    <>
      <p class="label">Shapes seen</p>
      <ul class="shape-list">
        {found.slice(0, LISTED).map(({ shape, number }) => (
          <li>
            <Status status={shape.status} /> <span class="times">{count(shape.count)} ×</span>{' '}
            <a href={`#${shapeAnchor(number)}`}>
              <Glance shape={shape} beside={found.find((other) => other.shape.kind === shape.kind && other.shape.status === shape.status)?.shape} />
            </a>
          </li>
        ))}
        {found.length > LISTED && (
          <li>
            <a href="#shapes">and {found.length - LISTED} more</a>
          </li>
        )}
      </ul>
    </>
  );
}

const isCreate = ({ kind }: Shape): boolean => kind.startsWith('create');
const isCredential = ({ status }: Shape): boolean => status === 401 || status === 403;
const isRefusal = ({ status }: Shape): boolean => status >= 400 && status < 500 && status !== 429;

/** Which shapes answer what a rule is about, as far as a status tells. */
const OF_OCCASION: Readonly<Record<Occasion, (shape: Shape) => boolean>> = {
  any: () => true,
  created: ({ kind }) => kind === 'create accepted',
  'created-with-token': ({ kind, structure }) => kind === 'create accepted' && structure.includes('\n  juspay: {'),
  missing: (shape) => isCreate(shape) && isRefusal(shape) && !isCredential(shape),
  invalid: (shape) => isCreate(shape) && isRefusal(shape) && !isCredential(shape),
  'missing-or-invalid': (shape) => isCreate(shape) && isRefusal(shape) && !isCredential(shape),
  duplicate: (shape) => isCreate(shape) && isRefusal(shape) && !isCredential(shape),
  refused: isRefusal,
  credential: isCredential,
  'unknown-customer': ({ kind, status }) => kind === 'read refused' && status === 404,
};

function applicable(rule: Rule): ((shape: Shape) => boolean) | undefined {
  if (rule.kind === 'response') return OF_OCCASION[rule.on];
  if (rule.kind !== 'open-response') return undefined;
  switch (rule.observes) {
    case 'unsent':
    case 'open-echo':
    case 'date-format':
    case 'undocumented-members':
      return OF_OCCASION.created;
    case 'error-form':
    case 'error-texts':
      return OF_OCCASION.refused;
    case 'missing-body':
    case 'invalid-body':
    case 'duplicate-body':
      return OF_OCCASION.invalid;
    case 'credential-body':
      return OF_OCCASION.credential;
    case 'unknown-customer-body':
      return OF_OCCASION['unknown-customer'];
    case 'address-refused':
      return ({ status }) => status === 403;
    case 'throttling':
      return ({ status }) => status === 429;
  }
}

function Status({ status }: { readonly status: number }): JSX.Element {
  return <code class="status">{status}</code>;
}

/** A shape on a line: its members, or what is different from the most frequent shape beside it where that is less. */
function Glance({ shape, beside }: { readonly shape: Shape; readonly beside: Shape | undefined }): JSX.Element {
  const { mediaType } = shape;
  const difference = beside === undefined || beside === shape ? undefined : differenceOf(beside, shape);
  const line = difference ?? namesOf(shape);
  return (
    <span class="glance">
      {difference !== undefined && <span class="aside">the same, but </span>}
      <code>
        <Text text={cut(line, GLANCE_LENGTH).shown} />
        {line.length > GLANCE_LENGTH ? '…' : ''}
      </code>
      {mediaType !== '' && mediaType !== 'application/json' && (
        <span class="aside">
          {' '}
          <Text text={mediaType} />
        </span>
      )}
    </span>
  );
}

/** The members by name, those of text and numbers without their type; the types themselves where there are none. */
function namesOf({ members, structure }: Shape): string {
  if (members.size === 0) return structure.replace(/\n\s*/g, ' ');
  return [...members].map(([name, type]) => (type === 'string' ? name : `${name}: ${type}`)).join(', ');
}

/** `first_name: null, without juspay`; undefined where that says more than the shape itself does. */
function differenceOf(base: Shape, shape: Shape): string | undefined {
  const parts = [
    ...[...shape.members]
      .filter(([name, type]) => base.members.get(name) !== type)
      .map(([name, type]) => `${base.members.has(name) ? '' : 'with '}${name}: ${type}`),
    ...[...base.members.keys()].filter((name) => !shape.members.has(name)).map((name) => `without ${name}`),
  ];
  return parts.length === 0 || parts.length > shape.members.size / 2 ? undefined : parts.join(', ');
}
