/** @jsxRuntime automatic */ /** @jsxImportSource preact */
/** What is only told of clients under test: how the command ended, and what the client made of each answer. */
import type { JSX } from 'preact';
import type { Client } from '../../contracts/finding.js';
import { duration } from '../text.js';
import { Facts, Table, Text, VerdictBadge } from './parts.js';

export function ClientView({ client }: { readonly client: Client }): JSX.Element {
  const { command, exitCode, signal, timedOut, durationMs, notes, explored } = client;
  const ended = timedOut ? (
    'it took too long and was ended'
  ) : signal !== undefined ? (
    <Text text={`by ${signal}`} />
  ) : exitCode !== undefined ? (
    `with ${String(exitCode)}`
  ) : undefined;
  return (
    <>
      <Facts
        rows={[
          ['command', command.length === 0 ? 'none: clients came by themselves' : <Text text={command.join(' ')} />],
          ['ended', ended],
          ['after', duration(durationMs)],
        ]}
      />
      {notes.map((note) => (
        <p>
          <Text text={note} />
        </p>
      ))}
      {explored !== undefined && (
        <>
          <h3 id="explored">What it made of each answer</h3>
          <Table
            caption="Answers and what the client did with each"
            head={['answer', 'verdict', 'expected', 'ended', 'creates', 'time', 'what it did']}
            rows={explored.map((row) => [
              <>
                <code>
                  <Text text={row.answer} />
                </code>
                <span class="means aside">
                  <Text text={row.means} />
                </span>
              </>,
              <VerdictBadge verdict={row.verdict} />,
              row.expects === 'ok' ? 'success' : 'an error',
              <Text text={row.ended} />,
              row.verdict === 'skipped' ? '' : String(row.creates),
              row.verdict === 'skipped' ? '' : duration(row.durationMs),
              <Text text={row.did} />,
            ])}
          />
        </>
      )}
    </>
  );
}
