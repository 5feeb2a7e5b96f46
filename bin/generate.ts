/** Writes the files that are made from code and checked in; run as `npm run generate`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openApiYaml } from '../contracts/openapi.js';
import { catalogue } from '../generators/catalogue.js';
import { renderAtlasSchema } from '../reports/atlas/json.js';
import { renderComparisonSchema } from '../reports/compare/json.js';
import { GOLDENS } from '../reports/golden.js';
import { renderDiffSchema } from '../reports/diff/json.js';
import { renderSchema } from '../reports/schema.js';
import { said } from '../suites/selftest/said.js';
import { unicodeBlocks } from './unicode-blocks.js';

const FILES: Readonly<Record<string, () => string | Promise<string>>> = {
  'contracts/openapi.yaml': openApiYaml,
  'generators/catalogue.txt': catalogue,
  'generators/unicode-blocks.ts': unicodeBlocks,
  'reports/report.schema.json': renderSchema,
  'suites/selftest/said.txt': said,
  'reports/diff.schema.json': renderDiffSchema,
  'reports/atlas.schema.json': renderAtlasSchema,
  'reports/compare.schema.json': renderComparisonSchema,
  ...Object.fromEntries(Object.entries(GOLDENS).map(([name, render]) => [`reports/golden/${name}`, render])),
};

for (const [file, render] of Object.entries(FILES)) {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await render());
  console.log(file);
}
