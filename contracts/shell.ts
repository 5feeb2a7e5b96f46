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

/** The key with another character in its middle, and with two neighbours swapped that differ. */
const MIDDLE_CHANGED = '{ m = int(length($0) / 2); print substr($0, 1, m) "_" substr($0, m + 2) }';
const SWAPPED =
  '{ n = length($0); for (k = 0; k < n; k++) { i = (int(n / 2) + k) % n + 1; a = substr($0, i, 1); b = substr($0, i + 1, 1); ' +
  'if (i < n && a != b) { print substr($0, 1, i - 1) b a substr($0, i + 2); exit } } }';
const awk = (program: string): string => `$(printf %s "$API_KEY" | awk '${program}')`;

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
    .replaceAll('${API_KEY} and a line end:', `$(printf '%s\\n:' "$API_KEY")`)
    .replaceAll('${API_KEY with its first character changed}', '_${API_KEY#?}')
    .replaceAll('${API_KEY with a character in its middle changed}', () => awk(MIDDLE_CHANGED))
    .replaceAll('${API_KEY with two characters swapped}', () => awk(SWAPPED))
    .replaceAll('${API_KEY without its last character}', '${API_KEY%?}')
    .replaceAll('${API_KEY with its last character changed}', '${API_KEY%?}_')
    .replaceAll('${API_KEY in the other case}', '$(printf %s "$API_KEY" | tr a-zA-Z A-Za-z)')
    .replaceAll('${OTHER_KEY}', 'not_the_key');
  const [pipe, behind] = SUFFIXES[suffix] ?? PLAIN;
  return `-H "Authorization: ${scheme} $(printf %s "${text}" | base64${pipe})${behind}"`;
}
