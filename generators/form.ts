/** The plain form body. */

/** Names and values as they are meant, in the order in which they are sent. */
export type Fields = readonly (readonly [name: string, value: string])[];

/** A text in the plain spelling: what `URLSearchParams` writes (`application/x-www-form-urlencoded` percent-encode set, URL Standard 5.2), with `%20` for a blank. */
export function encodeText(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1).replaceAll('+', '%20');
}

/** The plain body: each pair in its order, `%20` for a blank, upper-case hex, nothing escaped but what has to be. */
export function encodeForm(fields: Fields): Buffer {
  return Buffer.from(fields.map(([name, value]) => `${encodeText(name)}=${encodeText(value)}`).join('&'), 'latin1');
}
