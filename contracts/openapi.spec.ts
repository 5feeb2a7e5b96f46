import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { openApi, openApiYaml } from './openapi.js';

describe('the OpenAPI description', () => {
  it('the checked-in file is what the rules make', () => {
    expect(readFileSync(new URL('openapi.yaml', import.meta.url), 'utf8'), 'run npm run generate').to.equal(openApiYaml());
  });

  it('names every field with its rules, and requires what the rules require', () => {
    const text = JSON.stringify(openApi());
    expect(text).to.include('"required":["object_reference_id","mobile_number"]');
    expect(text).to.include('first_name/charset').and.to.include('"minLength":8');
  });
});
