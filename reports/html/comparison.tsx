/** @jsxRuntime automatic */ /** @jsxImportSource preact */
/** A counterexample beside its control, part by part, with the difference marked. */
import type { JSX } from 'preact';
import type { Counterexample } from '../../contracts/finding.js';
import { plural } from '../text.js';
import { isSame, partsOf, within, type Part } from './difference.js';
import { cut, Text, Value } from './parts.js';

/** Parts that are shown: a documented request has seven fields, and one that is made to be large has thousands. */
const PARTS = 24;
/** Characters of a value within which the difference is looked for. */
const COMPARED = 2000;

export function Comparison({ example }: { readonly example: Counterexample }): JSX.Element | null {
  const { control, request } = example;
  if (control === undefined) return null;
  const parts = partsOf(control.request, request);
  const all = parts.filter((part) => isSame(part) || part.name !== 'object_reference_id' || example.part === 'object_reference_id');
  const fresh = parts.length > all.length;
  const shown = [...all.filter((part) => !isSame(part)), ...all.filter(isSame)].slice(0, PARTS);
  const accepted = control.response !== undefined && control.response.status >= 200 && control.response.status < 300;
  if (shown.length === 0) return null;
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="What differs">
      <table class="comparison">
        <thead>
          <tr>
            <th scope="col">part</th>
            <th scope="col">
              {accepted ? 'accepted' : 'beside it'}
              {control.response !== undefined && <span class="aside">, answered {control.response.status}</span>}
            </th>
            <th scope="col">
              sent
              {example.response !== undefined && <span class="aside">, answered {example.response.status}</span>}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((part) => (
            <tr class={isSame(part) ? 'same' : 'differs'}>
              <th scope="row">
                {!isSame(part) && (
                  <span class="differs-sign" title="differs">
                    <span aria-hidden="true">≠ </span>
                    <span class="visually-hidden">differs: </span>
                  </span>
                )}
                <Text text={cut(part.name, 80).shown} />
                {part.of === 'header' && <span class="aside"> header</span>}
              </th>
              <Cells part={part} />
            </tr>
          ))}
        </tbody>
      </table>
      {all.length > shown.length && <p class="cut">… and {plural(all.length - shown.length, 'more part')}</p>}
      {fresh && <p class="cut">Each request has an object_reference_id of its own, of the same length and form.</p>}
    </div>
  );
}

function Cells({ part }: { readonly part: Part }): JSX.Element {
  const { control, sent } = part;
  if (isSame(part) || control === null || sent === null || control.length + sent.length > COMPARED)
    return (
      <>
        <td>
          <Value value={control} />
        </td>
        <td>{isSame(part) ? <span class="aside">the same</span> : <Value value={sent} />}</td>
      </>
    );
  const { before, after, ...middle } = within(control, sent);
  return (
    <>
      <td>
        <Marked before={before} middle={middle.control} after={after} />
      </td>
      <td>
        <Marked before={before} middle={middle.sent} after={after} />
      </td>
    </>
  );
}

function Marked({ before, middle, after }: { readonly before: string; readonly middle: string; readonly after: string }): JSX.Element {
  return (
    <bdi class="quoted">
      <Text text={before} />
      {middle !== '' && (
        <mark>
          <Text text={middle} />
        </mark>
      )}
      <Text text={after} />
    </bdi>
  );
}
