/** @jsxRuntime automatic */ /** @jsxImportSource preact */
/** `compare.html`: rules down, targets across, each cell a link to the rule in the report of that target. */
import type { JSX } from 'preact';
import type { ComparedCell, ComparedRule, ComparedTarget, Comparison } from '../../contracts/comparison.js';
import { caseRows, cellText, comparisonConclusion, outcomeText, whereText } from '../compare/words.js';
import { groupBy, shortCitation, topicOf } from '../words.js';
import { page } from './page.js';
import { Facts, hrefOf, ruleAnchor, Section, Text, VERDICT_STYLE } from './parts.js';

function Cell({
  cell,
  rule,
  target,
}: {
  readonly cell: ComparedCell | null;
  readonly rule: ComparedRule;
  readonly target: ComparedTarget | undefined;
}): JSX.Element {
  if (cell === null) return <td class="cell none">not run</td>;
  const { tone, sign } = VERDICT_STYLE[cell.verdict];
  const words = (
    <>
      <span class="sign" aria-hidden="true">
        {sign}
      </span>{' '}
      <Text text={cellText(cell)} />
    </>
  );
  const report = target?.report;
  return (
    <td class={`cell ${tone}`}>
      {report === undefined || target?.hasHtml !== true ? (
        words
      ) : (
        <a href={hrefOf(ruleAnchor(rule.ruleId), `${encodeURI(report)}/report.html`)}>
          {words}
          <span class="visually-hidden">
            , {rule.ruleId} on {target.name}
          </span>
        </a>
      )}
    </td>
  );
}

function Rows({ rule, targets }: { readonly rule: ComparedRule; readonly targets: readonly ComparedTarget[] }): JSX.Element {
  const cases = caseRows(rule, targets);
  return (
    <tr id={ruleAnchor(rule.ruleId)} class={rule.differs ? 'differs' : 'same'}>
      <th scope="row">
        <code>{rule.ruleId}</code> {rule.differs && <span class="differs-mark">differs</span>}
        <div class="aside">
          <Text text={rule.title} /> ({rule.level}, {shortCitation(rule.citation)})
        </div>
        {cases.length > 0 && (
          <details>
            <summary>
              {cases.length} {cases.length === 1 ? 'case is' : 'cases are'} read differently<span class="visually-hidden">: {rule.ruleId}</span>
            </summary>
            <dl class="cases">
              {cases.map(([name, readings]) => (
                <div>
                  <dt>
                    <Text text={name} />
                  </dt>
                  <dd>
                    <Text text={readings} />
                  </dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </th>
      {rule.cells.map((cell, index) => (
        <Cell cell={cell} rule={rule} target={targets[index]} />
      ))}
    </tr>
  );
}

function Matrix({ comparison: { matrix, targets } }: { readonly comparison: Comparison }): JSX.Element {
  return (
    <div class="matrix scroll" tabIndex={0} role="region" aria-label="Rules and targets">
      <table>
        <caption class="visually-hidden">Each rule on each target</caption>
        <thead>
          <tr>
            <th scope="col">rule</th>
            {targets.map(({ name }) => (
              <th scope="col">
                <Text text={name} />
              </th>
            ))}
          </tr>
        </thead>
        {groupBy(matrix, ({ ruleId }) => topicOf(ruleId)).map(([topic, rules]) => (
          <tbody class={rules.some(({ differs }) => differs) ? 'differs' : 'same'}>
            <tr class="topic">
              <th scope="rowgroup" colSpan={targets.length + 1}>
                {topic}
              </th>
            </tr>
            {rules.map((rule) => (
              <Rows rule={rule} targets={targets} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function Targets({ targets }: { readonly targets: readonly ComparedTarget[] }): JSX.Element {
  return (
    <ul class="targets">
      {targets.map((target) => (
        <li>
          <strong>
            {target.report === undefined ? (
              <Text text={target.name} />
            ) : (
              <a href={`${encodeURI(target.report)}/${target.hasHtml ? 'report.html' : 'report.json'}`}>
                <Text text={target.name} />
              </a>
            )}
          </strong>{' '}
          <Text text={whereText(target)} />
          <div class="aside">
            <Text text={outcomeText(target)} />
          </div>
        </li>
      ))}
    </ul>
  );
}

/** The comparison as a page that loads nothing, ending in a newline. */
export function renderComparisonHtml(comparison: Comparison): string {
  const { exitCode, targets, matrix, seed, budget, rules, tool } = comparison;
  const differing = matrix.filter(({ differs }) => differs).length;
  return page({
    title: `Create Customer on ${targets.map(({ name }) => name).join(', ')}`,
    tone: exitCode === 0 ? 'good' : exitCode === 1 ? 'bad' : 'unknown',
    body: (
      <>
        <header>
          <h1>Create Customer, target by target</h1>
          <p>{comparisonConclusion(comparison)}</p>
          <Facts
            rows={[
              ['seed', String(seed)],
              ['budget', budget.name],
              ['rules', rules.join(' ') === '*' ? 'all' : <Text text={rules.join(' ')} />],
              ['by', `${tool.name} ${tool.version}`],
            ]}
          />
          <Targets targets={targets} />
        </header>
        <Section id="matrix" title="Rule by rule">
          <p class="screen-only">
            <label>
              <input type="checkbox" id="only-differences" /> only the rules that differ ({differing})
            </label>
          </p>
          <Matrix comparison={comparison} />
        </Section>
      </>
    ),
  });
}
