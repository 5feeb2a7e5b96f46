/** @jsxRuntime automatic */ /** @jsxImportSource preact */
/** The atlas as a picture: a grid of ASCII for each field and place, samples of the other blocks of Unicode, lengths, empty values, refusals. */
import type { JSX } from 'preact';
import type { Atlas, AtlasCharacter, AtlasField, Position, Standing } from '../../contracts/atlas.js';
import { bodyText } from '../atlas/terminal.js';
import {
  atlasSubject,
  cellsOf,
  charactersText,
  characterText,
  codePointText,
  conclusionText,
  documentedText,
  gotText,
  lengthRows,
  placesOf,
  POSITION_WORDS,
  positionsText,
  returnedText,
  standingsOf,
  type Cell,
} from '../atlas/words.js';
import { count, plural } from '../text.js';
import { page } from './page.js';
import { spelled } from './visible.js';
import { Code, Facts, Section, Table, Text, type Tone } from './parts.js';

/** Sign, colour and words of each standing; the sign stands in every cell, so that no colour has to be told apart. */
const STANDINGS: Readonly<Record<Standing, { readonly sign: string; readonly tone: Tone; readonly means: string }>> = {
  agrees: { sign: '', tone: 'none', means: 'as documented' },
  beyond: { sign: '+', tone: 'warn', means: 'accepted though documented as refused' },
  within: { sign: '−', tone: 'bad', means: 'refused though documented as accepted' },
  'open accepted': { sign: '○', tone: 'note', means: 'left open by the document, and accepted' },
  'open refused': { sign: '×', tone: 'note', means: 'left open by the document, and refused' },
  unclear: { sign: '?', tone: 'unknown', means: 'neither accepted nor refused: 5xx, silence, a lost connection, or both by turns' },
  'not looked at': { sign: '', tone: 'none', means: 'not looked at' },
};

/** The class, sign and words of one cell. What the document settles is filled where it is accepted and plain where it is refused. */
function lookOf({ standing, got, echo }: Cell): { readonly class: string; readonly sign: string } {
  const { sign, tone } = STANDINGS[standing];
  if (standing === 'not looked at') return { class: 'unseen', sign: '' };
  if (standing === 'agrees') return got === 'refused' ? { class: 'refused', sign: '×' } : { class: 'good', sign: got === 'changed' ? '~' : '✓' };
  return { class: `${tone} ${standing === 'open refused' ? 'refused' : ''}`.trim(), sign: got === 'changed' && echo !== undefined ? '~' : sign };
}

function wordsOf(cell: Cell): string {
  const echo = cell.got !== 'changed' || cell.echo === undefined ? '' : cell.echo === null ? ' to no text' : ` to ${JSON.stringify(cell.echo)}`;
  return spelled(`${documentedText(cell.documented)}, ${gotText(cell.got)}${echo}`);
}

/** Short enough for a cell of the grid. */
function glyphOf(codePoint: number): string {
  return codePoint === 0x20 ? 'SP' : characterText(codePoint);
}

const HEX = Array.from({ length: 16 }, (_, digit) => digit.toString(16).toUpperCase());

function Grid({ field, position }: { readonly field: AtlasField; readonly position: Position }): JSX.Element {
  const cells = new Map(
    field.characters
      .filter(({ codePoint }) => codePoint < 0x80)
      .flatMap((character) => cellsOf(character).filter((cell) => cell.position === position))
      .map((cell) => [cell.codePoint, cell]),
  );
  return (
    <table class="grid">
      <caption>{POSITION_WORDS[position]}</caption>
      <thead>
        <tr>
          <td />
          {HEX.map((digit) => (
            <th scope="col">
              <span class="visually-hidden">U+00</span>_{digit}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {HEX.slice(0, 8).map((row, index) => (
          <tr>
            <th scope="row">{row}_</th>
            {HEX.map((_, column) => {
              const cell = cells.get(index * 16 + column);
              if (cell === undefined) return <td class="unseen" />;
              const look = lookOf(cell);
              const name = `${characterText(cell.codePoint)} ${codePointText(cell.codePoint)}: ${wordsOf(cell)}`;
              return (
                <td class={look.class} title={name}>
                  <span aria-hidden="true" class={glyphOf(cell.codePoint).length > 1 ? 'glyph named' : 'glyph'}>
                    {glyphOf(cell.codePoint)}
                    <span class="mark">{look.sign}</span>
                  </span>
                  <span class="visually-hidden">{name}</span>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Legend(): JSX.Element {
  const entries: readonly (readonly [look: string, sign: string, means: string])[] = [
    ['good', '✓', 'accepted, as documented'],
    ['refused', '×', 'refused, as documented'],
    ['warn', '+', STANDINGS.beyond.means],
    ['bad', '−', STANDINGS.within.means],
    ['note', '○', STANDINGS['open accepted'].means],
    ['note refused', '×', STANDINGS['open refused'].means],
    ['unknown', '?', STANDINGS.unclear.means],
    ['note', '~', 'accepted, and given back changed'],
    ['unseen', '', 'not looked at'],
  ];
  return (
    <ul class="legend">
      {entries.map(([look, sign, means]) => (
        <li>
          <span class={`swatch ${look}`} aria-hidden="true">
            {sign}
          </span>
          {means}
        </li>
      ))}
    </ul>
  );
}

/** Samples beyond ASCII, those together that came to the same in every place. */
function Blocks({ field }: { readonly field: AtlasField }): JSX.Element {
  const samples = field.characters.filter(({ block }) => block !== undefined);
  const groups = new Map<string, AtlasCharacter[]>();
  for (const sample of samples) {
    const outcome = outcomeOf(sample);
    groups.set(outcome, [...(groups.get(outcome) ?? []), sample]);
  }
  return (
    <div class="blocks">
      {[...groups]
        .sort(([, a], [, b]) => b.length - a.length)
        .map(([outcome, members]) => (
          <details>
            <summary>
              <strong>{count(members.length)}</strong> of {plural(samples.length, 'sample')} beyond ASCII: {outcome}
            </summary>
            <ul class="samples">
              {members.map(({ codePoint, block }) => (
                <li>
                  <span class="quoted-character">
                    <Text text={String.fromCodePoint(codePoint)} />
                  </span>{' '}
                  {codePointText(codePoint)} <span class="aside">{block}</span>
                </li>
              ))}
            </ul>
          </details>
        ))}
    </div>
  );
}

/** What came of a sample, in words: once where it is the same in every place. */
function outcomeOf(character: AtlasCharacter): string {
  const places = cellsOf(character).map(
    (cell) =>
      [
        POSITION_WORDS[cell.position],
        `${cell.got === 'changed' ? 'accepted, and given back changed' : gotText(cell.got)}, ${documentedText(cell.documented)}`,
      ] as const,
  );
  const [first, ...others] = places;
  if (first !== undefined && others.every(([, words]) => words === first[1])) return first[1];
  return places.map(([position, words]) => `${position} ${words}`).join('; ');
}

/** Departures of one kind in words, a line for each group of places. */
function Departures({ field, standing }: { readonly field: AtlasField; readonly standing: Standing }): JSX.Element {
  const groups = placesOf(field.characters, (cell) => cell.standing === standing);
  if (groups.length === 0) return <>none</>;
  return (
    <>
      {groups.map(({ codePoints, positions }) => (
        <div>
          <Text text={charactersText(codePoints)} />
          {positionsText(positions, field.positions)}
        </div>
      ))}
    </>
  );
}

function Field({ field, level }: { readonly field: AtlasField; readonly level: 2 | 3 }): JSX.Element {
  const { lengths, unsent, empty, positions, requests } = field;
  const unclear = standingsOf(field).unclear;
  return (
    <Section id={`atlas-${field.field}`} title={<code>{field.field}</code>} level={level}>
      <Facts
        rows={[
          ['accepted beyond the document', <Departures field={field} standing="beyond" />],
          ['refused within it', <Departures field={field} standing="within" />],
          ['unclear', unclear > 0 && <Departures field={field} standing="unclear" />],
          ...(lengths === undefined ? [] : lengthRows(lengths)),
          ['not sent', returnedText(unsent)],
          ['empty', returnedText(empty)],
          ['requests', count(requests)],
        ]}
      />
      <div class="grids scroll" tabIndex={0} role="region" aria-label={`Characters of ASCII in ${field.field}`}>
        {positions.map((position) => (
          <Grid field={field} position={position} />
        ))}
      </div>
      <Blocks field={field} />
    </Section>
  );
}

function Overview({ atlas }: { readonly atlas: Atlas }): JSX.Element {
  return (
    <Table
      caption="What each field takes"
      head={['field', 'beyond', 'within', 'open, accepted', 'open, refused', 'unclear', 'longest', 'not sent', 'empty']}
      rows={atlas.fields.map((field) => {
        const counts = standingsOf(field);
        return [
          <a href={`#atlas-${field.field}`}>
            <code>{field.field}</code>
          </a>,
          count(counts.beyond),
          count(counts.within),
          count(counts['open accepted']),
          count(counts['open refused']),
          count(counts.unclear),
          field.lengths === undefined ? '–' : (lengthRows(field.lengths)[0]?.[1] ?? '–'),
          returnedText(field.unsent),
          returnedText(field.empty),
        ];
      })}
    />
  );
}

function Refusals({ atlas, level }: { readonly atlas: Atlas; readonly level: 2 | 3 }): JSX.Element | null {
  if (atlas.errors.length === 0) return null;
  return (
    <Section id="atlas-refusals" title="How it refuses" level={level}>
      <Table
        caption="Refusals by what they are about"
        head={['refused for', 'status', 'body', 'form', 'texts', 'names the field', 'seen', 'sample']}
        rows={atlas.errors.map(({ kind, status, body, form, texts, namesField, count: times, sample }) => [
          kind,
          String(status),
          bodyText(body),
          form,
          <Text text={texts.join(' · ')} />,
          namesField,
          count(times),
          <details>
            <summary>
              body<span class="visually-hidden"> of a refusal for {kind}</span>
            </summary>
            <Code text={sample.body.text} />
          </details>,
        ])}
      />
    </Section>
  );
}

/** The atlas as parts of a page: its summary, a section for each field, the refusals. Headings are of `level` and below. */
export function AtlasView({ atlas, level = 2 }: { readonly atlas: Atlas; readonly level?: 2 | 3 }): JSX.Element {
  return (
    <div class="atlas">
      <p>{conclusionText(atlas)}</p>
      {atlas.status !== 'blocked' && (
        <>
          <Overview atlas={atlas} />
          <Legend />
          {atlas.fields.map((field) => (
            <Field field={field} level={level} />
          ))}
        </>
      )}
      <Refusals atlas={atlas} level={level} />
    </div>
  );
}

/** `atlas.html`: the atlas as a page that loads nothing, ending in a newline. */
export function renderAtlasHtml(atlas: Atlas): string {
  const subject = atlasSubject(atlas);
  return page({
    title: `Atlas of ${subject}`,
    tone: atlas.status === 'complete' ? 'neutral' : 'unknown',
    body: (
      <>
        <header>
          <h1>
            What <Text text={subject} /> accepts
          </h1>
          <Facts
            rows={[
              ['merchant', <Text text={atlas.target.merchantId} />],
              ['drawn', atlas.started.slice(0, 16).replace('T', ' ')],
              ['requests', count(atlas.requestsSent)],
              ['seed', String(atlas.seed)],
              ['customers created', count(atlas.idsCreated.length)],
              ['by', `${atlas.tool.name} ${atlas.tool.version}`],
            ]}
          />
        </header>
        <AtlasView atlas={atlas} />
      </>
    ),
  });
}
