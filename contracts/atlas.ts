/**
 * The atlas: what a target was seen to accept, character by character and length by length, beside what the document says.
 * It judges nothing. The types of `atlas.json` and its published JSON Schema (`reports/atlas.schema.json`) are made from
 * these schemas.
 */
import Type, { type Static } from 'typebox';
import { ReceivedResponseSchema } from './finding.js';
import { FIELDS } from './model.js';

/** Raised when a member of the atlas is removed or changes its meaning; added members leave it as it is. */
export const ATLAS_VERSION = 1;

const literals = <const T extends string[]>(values: readonly [...T]) => Type.Enum([...values]);
const closed = { additionalProperties: false } as const;
const count = Type.Integer({ minimum: 0 });

/** Where in a value a character stands. An address has a start, inside and end of its own on each side of the @. */
export const POSITIONS = ['start', 'inside', 'end', 'before @', 'after @', 'inside domain'] as const;
export const PositionSchema = literals(POSITIONS);
export type Position = Static<typeof PositionSchema>;

export const DOCUMENTED = ['accepted', 'refused', 'open'] as const;
export const DocumentedSchema = literals(DOCUMENTED);
/** What the document says of a value: `open` where it is silent, or its editions disagree. */
export type Documented = Static<typeof DocumentedSchema>;

export const GOT = ['accepted', 'changed', 'refused', 'varies', 'error', 'silent', 'dropped', 'other', 'not looked at'] as const;
export const GotSchema = literals(GOT);
/**
 * What came of a value. `accepted` and `changed` only where the create succeeded, `changed` where the value came back
 * otherwise than it was sent; `varies` where the same request was accepted and refused; `error` a 5xx, `silent` no answer
 * in time and `dropped` a lost connection, each time that it was sent, up to four; `other` an answer that is neither, such as a redirect.
 */
export type Got = Static<typeof GotSchema>;

const perPosition = <T extends Parameters<typeof Type.Optional>[0]>(schema: T) =>
  Type.Object(
    {
      start: Type.Optional(schema),
      inside: Type.Optional(schema),
      end: Type.Optional(schema),
      'before @': Type.Optional(schema),
      'after @': Type.Optional(schema),
      'inside domain': Type.Optional(schema),
    },
    closed,
  );

export const CharacterSchema = Type.Object(
  {
    codePoint: Type.Integer({ minimum: 0, maximum: 0x10ffff }),
    block: Type.Optional(Type.String({ description: 'The Unicode block that it is a sample of; absent for ASCII.' })),
    documented: perPosition(DocumentedSchema),
    got: perPosition(GotSchema),
    echo: Type.Optional(perPosition(Type.Union([Type.String(), Type.Null()]))),
  },
  { ...closed, description: 'echo: what the value came back as where that is not what was sent; null where it did not come back as a text.' },
);
export type AtlasCharacter = Static<typeof CharacterSchema>;

const length = Type.Integer({ minimum: 0 });
export const LimitSchema = Type.Object(
  {
    accepted: Type.Optional(Type.Integer({ ...length, description: 'The last length, in code points, that was accepted.' })),
    beyond: Type.Optional(Type.Integer({ ...length, description: 'The next length that was tried; absent where all up to `upTo` were accepted.' })),
    got: Type.Optional(GotSchema),
    documented: Type.Optional(DocumentedSchema),
    upTo: Type.Integer({ ...length, description: 'The farthest length that would have been tried.' }),
  },
  { ...closed, description: 'got and documented are about `beyond`. The limit is exact where `accepted` and `beyond` are neighbours.' },
);
export type Limit = Static<typeof LimitSchema>;

export const UNITS = ['code points', 'UTF-16 units', 'bytes', 'code points or UTF-16 units', 'unclear'] as const;
export const LengthsSchema = Type.Object(
  {
    longest: LimitSchema,
    shortest: LimitSchema,
    longestLocalPart: Type.Optional(LimitSchema),
    unit: Type.Optional(Type.Object({ is: literals(UNITS), because: Type.String() }, closed)),
    requests: count,
  },
  closed,
);
export type Lengths = Static<typeof LengthsSchema>;

export const RETURNED_AS = ['absent', 'null', 'empty', 'value', 'something else'] as const;
export const ReturnedSchema = Type.Object(
  {
    got: GotSchema,
    documented: DocumentedSchema,
    as: Type.Optional(literals(RETURNED_AS)),
    value: Type.Optional(Type.String({ description: 'The member as JSON, where it was a value or something else.' })),
    status: Type.Optional(Type.Integer()),
  },
  { ...closed, description: 'How a field that was not sent, or sent empty, came back from an accepted create; the status of a refusal.' },
);
export type Returned = Static<typeof ReturnedSchema>;

export const AtlasFieldSchema = Type.Object(
  {
    field: literals(FIELDS),
    positions: Type.Array(PositionSchema),
    characters: Type.Array(CharacterSchema),
    lengths: Type.Optional(LengthsSchema),
    unsent: ReturnedSchema,
    empty: ReturnedSchema,
    requests: count,
  },
  closed,
);
export type AtlasField = Static<typeof AtlasFieldSchema>;

export const REFUSAL_KINDS = ['missing', 'empty', 'character', 'too short', 'too long', 'duplicate', 'credential'] as const;
export const REFUSAL_BODIES = ['page', 'sea', 'v2', 'other'] as const;
export const AtlasErrorSchema = Type.Object(
  {
    kind: literals(REFUSAL_KINDS),
    fields: Type.Array(Type.String(), { description: 'The fields that were at fault.' }),
    status: Type.Integer(),
    body: literals(REFUSAL_BODIES),
    form: literals(['with error_info', 'flat', 'no JSON object'] as const),
    texts: Type.Array(Type.String(), { description: 'status, error_code and error_info.code, those that are there.' }),
    namesField: literals(['always', 'never', 'sometimes'] as const),
    count,
    sample: ReceivedResponseSchema,
  },
  { ...closed, description: 'body: which documented body it is, by its code: that of the page, of the SEA edition, of edition 2, or none.' },
);
export type AtlasError = Static<typeof AtlasErrorSchema>;

export const AtlasSchema = Type.Object(
  {
    atlasVersion: Type.Literal(ATLAS_VERSION),
    tool: Type.Object({ name: Type.String(), version: Type.String() }, closed),
    target: Type.Object({ url: Type.String(), embedded: Type.Boolean(), merchantId: Type.String() }, closed),
    seed: Type.Integer(),
    maxRequests: Type.Integer(),
    started: Type.String({ format: 'date-time' }),
    ended: Type.String({ format: 'date-time' }),
    status: literals(['complete', 'partial', 'interrupted', 'blocked'] as const),
    because: Type.Optional(Type.String({ description: 'Why it is not complete.' })),
    exitCode: Type.Integer(),
    requestsSent: count,
    idsCreated: Type.Array(Type.String(), { description: 'Every object_reference_id that the target accepted: there is no way to delete them.' }),
    runToken: Type.String(),
    fields: Type.Array(AtlasFieldSchema),
    errors: Type.Array(AtlasErrorSchema),
  },
  { ...closed, $id: 'https://juspay-customer-conformance.example/atlas.schema.json', title: 'Atlas of what a target accepts in Create Customer' },
);
/** What a target was seen to accept. */
export type Atlas = Static<typeof AtlasSchema>;

/** How what came compares with what is documented. */
export type Standing = 'agrees' | 'beyond' | 'within' | 'open accepted' | 'open refused' | 'unclear' | 'not looked at';

/** `beyond`: accepted though documented as refused; `within`: refused though documented as accepted. */
export function standingOf(documented: Documented, got: Got): Standing {
  switch (got) {
    case 'accepted':
    case 'changed':
      return documented === 'open' ? 'open accepted' : documented === 'accepted' ? 'agrees' : 'beyond';
    case 'refused':
      return documented === 'open' ? 'open refused' : documented === 'refused' ? 'agrees' : 'within';
    case 'not looked at':
      return 'not looked at';
    default:
      return 'unclear';
  }
}

export const ATLAS_CHANGES = ['characters', 'longest', 'longest before the @', 'shortest', 'counted in', 'not sent', 'empty', 'refusals'] as const;
export const AtlasChangeSchema = Type.Object(
  {
    field: Type.Optional(literals(FIELDS)),
    what: literals(ATLAS_CHANGES),
    old: Type.String(),
    new: Type.String(),
    places: Type.Optional(
      Type.Array(Type.Object({ codePoint: Type.Integer(), positions: Type.Array(PositionSchema) }, closed), {
        description: 'characters: those of which this is said, and where.',
      }),
    ),
  },
  { ...closed, description: 'Something that two atlases both looked at, and show otherwise; for refusals `old` and `new` are of one kind of refusal.' },
);
export type AtlasChange = Static<typeof AtlasChangeSchema>;

export const AtlasDiffSchema = Type.Object(
  {
    changes: Type.Array(AtlasChangeSchema),
    notCompared: Type.Integer({ minimum: 0, description: 'Places of characters that only one of the two looked at.' }),
  },
  closed,
);
/** What changed between two atlases. */
export type AtlasDiff = Static<typeof AtlasDiffSchema>;
