import { expect } from 'chai';
import fc from 'fast-check';
import { isJsonObject, memberAt, parseJson, type JsonValue } from './json.js';

const parse = (text: string): ReturnType<typeof parseJson> => parseJson(Buffer.from(text, 'utf8'));

describe('json: what is JSON', () => {
  it('whatever JSON.stringify writes is read back as it was, with no member twice', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parse(text)).to.deep.equal({ value: JSON.parse(text) as unknown, text, repeated: [] });
      }),
    );
  });

  it('any text is judged as JSON.parse judges it', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '"',
      '1',
      '-',
      '0',
      '.5',
      'e1',
      'true',
      'null',
      ' ',
      '\n',
      '\\',
      '//',
      "'a'",
      'NaN',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          const isJson = ((): boolean => {
            try {
              JSON.parse(text);
              return true;
            } catch {
              return false;
            }
          })();
          expect(parse(text).error === undefined, `${JSON.stringify(text)} is JSON`).to.equal(isJson);
        },
      ),
      { numRuns: 2000 },
    );
  });

  const odd: readonly (readonly [what: string, text: string, value: unknown])[] = [
    ['a raw U+2028, U+2029 and DEL in a string', '"a\u2028\u2029\u007f"', 'a\u2028\u2029\u007f'],
    ['an escaped slash', '"\\/"', '/'],
    ['an escaped lone surrogate', '"\\ud800"', '\ud800'],
    ['an escaped NUL', '"\\u0000"', '\u0000'],
    ['a raw astral character', '"😀"', '😀'],
    ['a number beyond what a double holds', '1e999', Infinity],
    ['a minus zero', '-0', -0],
    ['blanks of all kinds around it', ' \t\r\n{} \t\r\n', {}],
  ];
  for (const [what, text, value] of odd) {
    it(`${what} is JSON`, () => {
      expect(parse(text)).to.deep.equal({ value, text, repeated: [] });
    });
  }

  const none: readonly (readonly [what: string, bytes: Uint8Array, error: RegExp])[] = [
    ['nothing', Buffer.alloc(0), /^the body is empty$/],
    ['a byte order mark in front', Buffer.from('\ufeff{}', 'utf8'), /^the body is not JSON/],
    ['a cut text', Buffer.from('{"a": 1'), /^the body is not JSON/],
    ['two texts', Buffer.from('{}{}'), /^the body is not JSON/],
    ['a comment', Buffer.from('{} // fine'), /^the body is not JSON/],
    ['a comma behind the last member', Buffer.from('{"a": 1,}'), /^the body is not JSON/],
    ['single quotes', Buffer.from("{'a': 1}"), /^the body is not JSON/],
    ['NaN', Buffer.from('NaN'), /^the body is not JSON/],
    ['a raw TAB in a string', Buffer.from('"\t"'), /^the body is not JSON/],
    ['HTML', Buffer.from('<html></html>'), /^the body is not JSON/],
    ['Latin-1', Buffer.from('{"a": "é"}', 'latin1'), /^the body is not UTF-8$/],
    ['UTF-16', Buffer.from('\ufeff{"a": "é"}', 'utf16le'), /^the body is not UTF-8$/],
    ['an overlong slash', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), /^the body is not UTF-8$/],
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), /^the body is not UTF-8$/],
    ['a character cut in two', Buffer.from('"😀"').subarray(0, 3), /^the body is not UTF-8$/],
  ];
  for (const [what, bytes, error] of none) {
    it(`${what} is not`, () => {
      const parsed = parseJson(bytes);
      expect(parsed.error).to.match(error);
      expect(parsed).to.not.have.property('value');
    });
  }

  it('the text of what is not UTF-8 is kept, wrong bytes replaced', () => {
    expect(parseJson(Buffer.from('{"a": "é"}', 'latin1')).text).to.equal('{"a": "\ufffd"}');
  });

  it('no bytes make it throw, a hundred thousand brackets neither', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => void parseJson(bytes)));
    expect(() => parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).to.not.throw();
  });
});

describe('json: members that occur twice', () => {
  const tables: readonly (readonly [text: string, repeated: readonly string[]])[] = [
    ['{"a": 1, "b": 2}', []],
    ['{"a": 1, "a": 1}', ['a']],
    ['{"a": 1, "A": 1}', []],
    ['{"a": {"b": 1}, "b": 1}', []],
    ['{"a": {"b": 1, "b": 2}}', ['a.b']],
    ['{"a": [{"b": 1}, {"b": 2}]}', []],
    ['{"a": [{"b": 1}, {"b": 2, "b": 3}]}', ['a[1].b']],
    ['[{"b": 2, "b": 3}]', ['[0].b']],
    ['{"a": 1, "\\u0061": 2}', ['a']],
    ['{"é": 1, "\\u00e9": 2}', ['é']],
    ['{"": 1, "": 2}', ['']],
    ['{"__proto__": 1, "__proto__": 2}', ['__proto__']],
    ['{"a": 1, "a": {"b": 1, "b": 1}, "a": 2}', ['a', 'a.b', 'a']],
  ];
  for (const [text, repeated] of tables) {
    it(`${text}: ${repeated.length === 0 ? 'none' : repeated.map((path) => JSON.stringify(path)).join(', ')}`, () => {
      expect(parse(text).repeated).to.deep.equal(repeated);
    });
  }

  it('a member that is written a second time is found, wherever it stands', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1, maxKeys: 5 });
    fc.assert(
      fc.property(object, fc.nat(), (members, pick) => {
        const pairs = Object.entries(members).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
        const name = Object.keys(members)[pick % pairs.length] ?? '';
        const text = `{"outer":{${[...pairs, `${JSON.stringify(name)}:null`].join(',')}}}`;
        expect(parse(text).repeated).to.deep.equal([`outer.${name}`]);
      }),
    );
  });
});

describe('json: members', () => {
  const value: JsonValue = { a: { b: 'c', none: null }, list: [1], 'a.b': 'no path reaches it' };

  it('a dotted path reaches inside, and ends where there is no object', () => {
    expect(memberAt(value, 'a.b')).to.equal('c');
    expect(memberAt(value, 'a')).to.deep.equal({ b: 'c', none: null });
    expect(memberAt(value, 'a.none')).to.equal(null);
    for (const path of ['x', 'a.x', 'a.b.x', 'a.none.x', 'list.0', 'list.length', '']) expect(memberAt(value, path), path).to.equal(undefined);
    for (const other of [undefined, null, 'text', 1, ['a']]) expect(memberAt(other, 'a')).to.equal(undefined);
  });

  it('what objects inherit is no member', () => {
    for (const path of ['toString', 'constructor.name', '__proto__']) expect(memberAt(value, path), path).to.equal(undefined);
    expect(memberAt(parse('{"__proto__": "own"}').value, '__proto__')).to.equal('own');
  });

  it('a list, null and nothing are no objects', () => {
    for (const other of [undefined, null, [], 'text', 0, true]) expect(isJsonObject(other), JSON.stringify(other)).to.equal(false);
    expect(isJsonObject({})).to.equal(true);
  });
});
