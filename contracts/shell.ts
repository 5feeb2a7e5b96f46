/** Parts of shell commands that send a request of a report, with the key from the environment. */

/** A word of a shell that stands for the text as it is. */
export const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Long base64 comes in lines. */
const PLAIN = [` | tr -d '\\n'`, ''] as const;
/** What makes base64 of a credential into each form of it. */
const SUFFIXES: Readonly<Record<string, readonly [pipe: string, behind: string]>> = {
  ' without its padding': [` | tr -d '=\\n'`, ''],
  '==': [` | tr -d '\\n'`, '=='],
  ' in the URL alphabet': [` | tr -d '\\n' | tr '+/' '-_'`, ''],
};

/**
 * curl's argument for the `Authorization` of a report: `Basic ${base64:${API_KEY}:}` is what curl makes of a user; other
 * forms of the credential are computed by the shell.
 */
export function credentialArgument(value: string): string {
  if (value === 'Basic ${base64:${API_KEY}:}') return '-u "$API_KEY:"';
  if (value === '') return "-H 'Authorization;'";
  const [, scheme, inner, suffix = ''] = /^(\S+) \$\{base64:(.*)\}([^}]*)$/.exec(value) ?? [];
  if (inner === undefined || scheme === undefined) {
    return value.includes('${API_KEY}') ? `-H "Authorization: ${value.replaceAll('${API_KEY}', '$API_KEY')}"` : `-H ${quote(`Authorization: ${value}`)}`;
  }
  const text = inner
    .replaceAll('${API_KEY without its last character}', '${API_KEY%?}')
    .replaceAll('${API_KEY with its last character changed}', '${API_KEY%?}_')
    .replaceAll('${API_KEY in the other case}', '$(printf %s "$API_KEY" | tr a-zA-Z A-Za-z)')
    .replaceAll('${OTHER_KEY}', 'not_the_key');
  const [pipe, behind] = SUFFIXES[suffix] ?? PLAIN;
  return `-H "Authorization: ${scheme} $(printf %s "${text}" | base64${pipe})${behind}"`;
}
