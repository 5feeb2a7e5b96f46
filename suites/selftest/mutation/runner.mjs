/** What Stryker loads in its own processes: beside its Mocha runner, what tells it which texts to leave alone. */
import Module from 'node:module';

// The runner asks for parts of mocha by names without an extension, which mocha 12 has changed to `.cjs`.
Module._extensions['.cjs'] ??= Module._extensions['.js'];

/**
 * A text of three words or more is a sentence for people: what it says is looked at when it is read, and a spec that pins
 * every word would only say it twice. Ids, paths, headers, field names, verdicts and readings have fewer words.
 */
const prose = {
  shouldIgnore: (path) => (path.isStringLiteral() && path.node.value.trim().split(/\s+/).length >= 3 ? 'a sentence for people' : undefined),
};
export const strykerPlugins = [{ kind: 'Ignore', name: 'prose', value: prose }];
