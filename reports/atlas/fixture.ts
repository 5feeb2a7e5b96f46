/** An atlas made up by hand, with every standing and with texts that no report may stumble over. For specs and goldens only. */
import { ATLAS_VERSION, type Atlas, type AtlasCharacter, type AtlasField, type Got } from '../../contracts/atlas.js';

const HOSTILE = '\u001b[31m<b>&amp; "x"\u202e';

function character(codePoint: number, documented: 'accepted' | 'refused' | 'open', got: Got, more: Partial<AtlasCharacter> = {}): AtlasCharacter {
  return {
    codePoint,
    documented: { start: documented, inside: documented, end: documented },
    got: { start: got, inside: got, end: got },
    ...more,
  };
}

const letters = Array.from({ length: 26 }, (_, index) => character(0x41 + index, 'accepted', 'accepted'));

const firstName = (): AtlasField => ({
  field: 'first_name',
  positions: ['start', 'inside', 'end'],
  characters: [
    character(0x00, 'open', 'error'),
    character(0x0a, 'refused', 'refused', { got: { start: 'refused', inside: 'refused', end: 'accepted' } }),
    character(0x20, 'refused', 'changed', { echo: { start: 'Maria', inside: 'Maria', end: HOSTILE } }),
    character(0x27, 'refused', 'accepted'),
    character(0x2d, 'accepted', 'refused', { got: { start: 'refused', inside: 'accepted', end: 'refused' } }),
    ...letters,
    character(0x7f, 'open', 'refused'),
    character(0xe9, 'open', 'accepted', { block: 'Latin 1 Supplement' }),
    character(0x202e, 'open', 'varies', { block: 'General Punctuation' }),
    character(0x1f600, 'open', 'not looked at', { block: 'Emoticons' }),
  ],
  lengths: {
    longest: { accepted: 63, beyond: 64, got: 'refused', documented: 'accepted', upTo: 65_536 },
    shortest: { accepted: 1, upTo: 1 },
    unit: { is: 'code points', because: '63 characters of four bytes are accepted' },
    requests: 9,
  },
  unsent: { got: 'accepted', documented: 'accepted', as: 'null' },
  empty: { got: 'accepted', documented: 'open', as: 'value', value: JSON.stringify(HOSTILE) },
  requests: 120,
});

/** The atlas; a part of it may be replaced. */
export function fixtureAtlas(replace: Partial<Atlas> = {}): Atlas {
  return {
    atlasVersion: ATLAS_VERSION,
    tool: { name: 'juspay-customer-conformance', version: '0.0.0' },
    target: { url: 'http://127.0.0.1:9', embedded: false, merchantId: 'acme' },
    seed: 7,
    maxRequests: 200,
    started: '2026-03-17T14:13:37.000Z',
    ended: '2026-03-17T14:13:40.123Z',
    status: 'partial',
    because: 'the budget of 200 requests is spent',
    exitCode: 2,
    requestsSent: 200,
    idsCreated: ['conf_k3x9_0001'],
    runToken: 'k3x9',
    fields: [
      firstName(),
      {
        field: 'mobile_number',
        positions: ['start', 'inside', 'end'],
        characters: [character(0x2b, 'open', 'refused')],
        lengths: {
          longest: { accepted: 65_536, upTo: 65_536 },
          shortest: { accepted: 8, beyond: 3, got: 'silent', documented: 'open', upTo: 1 },
          requests: 20,
        },
        unsent: { got: 'refused', documented: 'refused', status: 400 },
        empty: { got: 'not looked at', documented: 'open' },
        requests: 80,
      },
    ],
    errors: [
      {
        kind: 'missing',
        fields: ['mobile_number'],
        status: 400,
        body: 'page',
        form: 'flat',
        texts: ['Bad Request', 'Mandatory fields are missing'],
        namesField: 'always',
        count: 2,
        sample: {
          status: 400,
          headers: [['content-type', 'application/json']],
          body: { encoding: 'utf-8', text: `{"error_message":${JSON.stringify(HOSTILE)}}` },
          complete: true,
        },
      },
    ],
    ...replace,
  };
}
