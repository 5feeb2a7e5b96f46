import { expect } from 'chai';
import { ESLint, Linter } from 'eslint';
import { fileURLToPath } from 'node:url';
import tseslint from 'typescript-eslint';

const RULE = '@typescript-eslint/no-restricted-imports';
const root = fileURLToPath(new URL('..', import.meta.url));

/** What the lint rule about imports, as the project's own configuration has it for the file, says of a line of code. */
async function complaints(file: string, code: string): Promise<string[]> {
  const config = (await new ESLint({ cwd: root }).calculateConfigForFile(file)) as Linter.Config;
  const setting = config.rules?.[RULE];
  const messages = new Linter({ cwd: root }).verify(
    code,
    [
      {
        files: ['**/*.ts'],
        languageOptions: { parser: tseslint.parser },
        plugins: { '@typescript-eslint': tseslint.plugin },
        rules: setting === undefined ? {} : { [RULE]: setting },
      },
    ],
    { filename: file },
  );
  return messages.map(({ ruleId, message }) => `${ruleId ?? 'not parsed'}: ${message}`);
}

const forbidden: readonly (readonly [file: string, code: string])[] = [
  ['contracts/judge.ts', "import { conforming } from '../generators/index.js';"],
  ['contracts/judge.ts', "import type { RunConfig } from '../suites/kit/config.js';"],
  ['contracts/judge.ts', "export * from '../reports/words.js';"],
  ['contracts/judge.ts', "import { main } from '../bin/program.js';"],
  ['contracts/rules/names.ts', "import { STATEMENTS } from '../document.js';"],
  ['contracts/rules/names.ts', "import type { Finding } from '../finding.js';"],
  ['contracts/rules/names.ts', "import fc from 'fast-check';"],
  ['contracts/rules/names.ts', "import { conforming } from '../../generators/index.js';"],
  ['contracts/reference/server.ts', "import { RULES } from '../rules/index.js';"],
  ['contracts/reference/server.ts', "import { judge } from '../judge.js';"],
  ['contracts/reference/server.ts', "import { judgeResponse } from '../judge-response.js';"],
  ['contracts/reference/variants/request.ts', "import { RULES } from '../../rules/index.js';"],
  ['contracts/reference/server.ts', "import { conforming } from '../../generators/index.js';"],
  ['contracts/reference/server.ts', "import { runConformance } from '../../suites/create-customer/run.js';"],
  ['generators/index.ts', "import { Context } from '../suites/kit/context.js';"],
  ['generators/index.ts', "import { quoted } from '../reports/text.js';"],
  ['generators/index.ts', "import { main } from '../bin/program.js';"],
  ['suites/kit/run.ts', "import { renderTerminal } from '../../reports/terminal.js';"],
  ['suites/kit/run.ts', "import type { Plan } from '../../bin/resolve.js';"],
  ['reports/terminal.ts', "import { curl } from '../suites/kit/curl.js';"],
  ['reports/terminal.ts', "import { conforming } from '../generators/index.js';"],
  ['reports/terminal.ts', "import type { Plan } from '../bin/resolve.js';"],
];

const allowed: readonly (readonly [file: string, code: string])[] = [
  ['contracts/judge.ts', "import { RULES } from './rules/index.js';"],
  ['contracts/rules/names.ts', "import { defineRule } from '../model.js';\nimport { DIGITS } from './characters.js';"],
  ['contracts/reference/faults.ts', "import type { Rule } from '../rules/index.js';"],
  ['generators/index.ts', "import { RULES } from '../contracts/rules/index.js';\nimport fc from 'fast-check';"],
  ['suites/kit/run.ts', "import { conforming } from '../../generators/index.js';\nimport { RULES } from '../../contracts/rules/index.js';"],
  ['reports/terminal.ts', "import { PAGE_URL } from '../contracts/document.js';\nimport pc from 'picocolors';"],
  [
    'bin/run.ts',
    "import { renderTerminal } from '../reports/terminal.js';\nimport { conforming } from '../generators/index.js';\nimport '../suites/kit/run.js';",
  ],
];

describe('the directions of imports', () => {
  for (const [file, code] of forbidden) {
    it(`${file} is refused: ${code}`, async () => {
      const found = await complaints(file, code);
      expect(found, 'complaints').to.have.length(1);
      expect(found[0]).to.match(new RegExp(`^${RULE}: `));
    });
  }

  it('that are the right ones are let through', async () => {
    for (const [file, code] of allowed) expect(await complaints(file, code), `${file}: ${code}`).to.deep.equal([]);
  });
});
