/**
 * The documentation page as data: what it states, statement by statement, in our own words. Rules cite statements by
 * number; people are shown number, topic and meaning, and the page's address. The page itself is not part of the
 * package: a count of lines and a SHA-256 per line tie the statements to it, so that a later edition is noticed.
 *
 * How lines are counted: the visible text of the page, from its title to its last error text, one block a line, as
 * `conform rules --document FILE` reads it. CRLF is LF; runs of white space are one blank, none at either end; empty
 * lines behind the last text do not count, empty lines elsewhere do.
 */
import { createHash } from 'node:crypto';

/** Where the page is published. */
export const PAGE_URL = 'https://docs.juspay.io/pix-payment-flows-br/android/pix-biomtrico/step-1-create-customer';

/** One clause of the page. */
export interface Statement {
  /** 1, 2, 3, … in the page's order. */
  readonly number: number;
  /** First and last line of the page that it stands on; several statements may share a line. */
  readonly lines: readonly [from: number, to: number];
  /** The field or part of the exchange that it is about, as people call it. */
  readonly topic: string;
  /** What it says, in our own words. */
  readonly meaning: string;
  /** True where a request can show whether a target keeps it, else why none can. */
  readonly testable: true | { readonly reason: string };
}

type Lines = readonly [from: number, to: number];
type Row = readonly [lines: Lines, topic: string, meaning: string, untestable?: string];

const ROWS: readonly Row[] = [
  [[1, 1], 'the page', 'it is about the call that creates a customer', 'a title asks nothing of anyone'],
  [[2, 2], 'the call', 'a successful call leaves a new customer with Juspay'],
  [
    [2, 2],
    'the call',
    'it is made when somebody registers and starts to pay',
    'it is about the moment at which a merchant calls, which no response depends on',
  ],

  [[3, 3], 'credentials', 'a user name and a password, both'],
  [[4, 4], 'credentials', 'the API key is the user name'],
  [[4, 4], 'credentials', 'the dashboard is where a merchant gets the key', 'it is about how a merchant comes by the key'],
  [[5, 5], 'credentials', 'the password is left empty'],
  [[6, 7], 'credentials', 'the sample is the Basic scheme with the base64 of the key and a colon'],

  [[8, 8], 'merchant', 'a request carries the merchant id that Juspay gave out'],
  [[9, 10], 'merchant', 'the sample id is letters with an underscore'],
  [[11, 11], 'content type', 'the body is a URL-encoded form'],

  [[12, 12], 'object_reference_id', "the merchant's own name for the customer, as in the merchant's database"],
  [[12, 12], 'object_reference_id', '8 characters or more'],
  [[12, 12], 'object_reference_id', 'no two customers have the same'],
  [[12, 12], 'object_reference_id', 'typically an e-mail address, a mobile number or a counted id of a database'],
  [[13, 14], 'object_reference_id', 'the sample is a prefix, an underscore and six digits'],

  [[15, 15], 'mobile_number', 'the number of the phone of the customer'],
  [[15, 15], 'mobile_number', 'better without a leading plus'],
  [[15, 15], 'mobile_number', 'better without the country code in front'],
  [[16, 17], 'mobile_number', 'the sample is nine digits'],

  [[18, 18], 'email_address', 'where the customer gets e-mail'],
  [[18, 18], 'email_address', 'to be sent where the gateway behind Juspay wants it; otherwise it may be left out'],
  [[19, 19], 'email_address', "letters, digits and ! # $ % & ' * + - / = ? ^ _ . { | } ~ ` @ only"],
  [[20, 20], 'email_address', 'the part in front of the @ neither begins nor ends with _ or .'],
  [[20, 20], 'email_address', 'an aside names both sides of the @, so that the same could hold for the domain'],

  [[21, 21], 'first_name', 'the given name of the customer'],
  [[21, 21], 'first_name', 'it serves to identify the customer', 'what Juspay does with it later shows in no response'],
  [[22, 22], 'first_name', 'letters, digits and ( ) . - _ only'],
  [[23, 23], 'last_name', 'the family name of the customer'],
  [[23, 23], 'last_name', 'it serves to identify the customer', 'what Juspay does with it later shows in no response'],
  [[24, 24], 'last_name', 'letters, digits and ( ) . - _ only'],

  [[25, 25], 'mobile_country_code', "the country code of the customer's number"],
  [[25, 25], 'mobile_country_code', 'a plus in front is not needed'],
  [[26, 27], 'mobile_country_code', 'the sample is 55'],

  [[28, 28], 'options.get_client_auth_token', 'it has to be sent to be given a client_auth_token'],
  [[28, 28], 'options.get_client_auth_token', 'the token is for the SDK', 'what a token is used for happens outside of this call'],
  [[29, 29], 'options.get_client_auth_token', 'either true or false'],

  [[30, 30], 'response', 'object_reference_id: the name that the merchant gave the customer'],
  [[30, 30], 'response', 'object_reference_id: other calls find stored cards, instalments and subscriptions by it', 'it is about other calls of the API'],
  [[31, 31], 'response', 'mobile_number: the number of the phone'],
  [[32, 32], 'response', 'mobile_country_code: the country code of that number'],
  [[33, 33], 'response', 'last_name: the family name'],
  [[34, 34], 'response', 'first_name: the given name'],
  [[35, 35], 'response', 'email_address: where the customer gets e-mail'],

  [[36, 36], 'response with a token', 'object_reference_id: the name that the merchant gave the customer'],
  [
    [36, 36],
    'response with a token',
    'object_reference_id: other calls find stored cards, instalments and subscriptions by it',
    'it is about other calls of the API',
  ],
  [[37, 37], 'response with a token', 'mobile_number: the number of the phone'],
  [[38, 38], 'response with a token', 'mobile_country_code: the country code of that number'],
  [[39, 39], 'response with a token', 'last_name: the family name'],
  [[40, 40], 'response with a token', 'first_name: the given name'],
  [[41, 41], 'response with a token', 'email_address: where the customer gets e-mail'],

  [[42, 42], 'error', 'the status is 400 and is called by its standard name'],
  [[43, 43], 'error', 'a first text says that fields were missing, and which'],
  [[44, 45], 'error', 'the sample of that text says that required fields were left out'],
  [[46, 46], 'error', 'a second text says more about the missing fields'],
];

/** Every statement of the page, in its order. */
export const STATEMENTS: readonly Statement[] = ROWS.map(([lines, topic, meaning, untestable], index) => ({
  number: index + 1,
  lines,
  topic,
  meaning,
  testable: untestable === undefined ? true : { reason: untestable },
}));

/** SHA-256 of each line of the page, in hex; the first belongs to line 1. */
export const LINE_HASHES: readonly string[] = [
  '1bb0cf3dc6cca6ac19640a1ee002d88db161e2c85da7dc2d3d216b5a3cbc5822',
  'eaac03bc5aa7ac18f057890f35c7d3cee6538250bc1ce6b5e177f08559d540e1',
  '91ffa8cc88a28d12a0ab05c2aebf97254ec0d1e1b10e4ae1b83e9e9c6130002d',
  'e8aabc2023a84f8ff1112ff7c41e2910fbf7abed1d408431035c3cf4b608996a',
  '1fd7befb45ed5c18218d3a92b87ff938be00c59fac8c910a9153ba0ce3d3bcac',
  '110325cc96e38100bc8e172e628500fdf2a79abb141598da7ffc0a4dcf01cc2d',
  '28c84e3ac03848d00bcecbb98c30ed7dd387e1059105f8972873a4d574fa3bf3',
  '74e36c44024e1429cd1d48093d80cae497166d6006a11ff641f3dd0df790757a',
  '110325cc96e38100bc8e172e628500fdf2a79abb141598da7ffc0a4dcf01cc2d',
  'b64b50972676cb73e21b3f86e2ba43fb9338509fa6f5f3dc12f36d04c029b238',
  '70f1a50a42c5c3452279220a4dac12ade7d8f38c4ed561163270b75070175441',
  'cbda4f23a8cc86035f97d31acf3f3d73ff672e2853f723d62e34723bdd2e4bbb',
  '110325cc96e38100bc8e172e628500fdf2a79abb141598da7ffc0a4dcf01cc2d',
  'd4fc3260faa583616ff5d5d642e881bfc9d7f50b5bea06e1c16fb08970cab55b',
  'd7d605448888f04e0db57f78185fcf19575dfe85ce909e538abc746186f9a9db',
  '110325cc96e38100bc8e172e628500fdf2a79abb141598da7ffc0a4dcf01cc2d',
  '8a9bcf1e51e812d0af8465a8dbcc9f741064bf0af3b3d08e6b0246437c19f7fb',
  '0b1f0236d5a7b2945a9d4c966c279de813ad18b81f56222a0324bf298f82d1be',
  '5166497e36933de8161007ca0ab68ce579d5bbfc53986abec46b3ec9f5ce20c1',
  'd1358d2fe4b18c7cc8ca1f4bc6e1edfecd3c476bc1da95589e15d55f78964dbe',
  'aef06adf87c57ad452c568fb8ab069856c79993920138cfe314375c2b6e25384',
  'e8bbce67938632eefe5376c192473c4e2182f09231dfcfc685fbe9d1dc6b2add',
  'fcc260a96dda8e6c648fb77317f376b891358dfffff2ac1ef53fa4c1ef8068c1',
  'e8bbce67938632eefe5376c192473c4e2182f09231dfcfc685fbe9d1dc6b2add',
  '64cf727737fc93e4f46727ef038adc9a50b9499ff00f3f71aaa661c5185dd1f7',
  '110325cc96e38100bc8e172e628500fdf2a79abb141598da7ffc0a4dcf01cc2d',
  '02d20bbd7e394ad5999a4cebabac9619732c343a4cac99470c03e23ba2bdc2bc',
  '5467cc4259ff2d7618670932935aaf59af51d5783454119a0509e15f68200219',
  '9caa4ae7389389588182596b539e493d090500251139969e83c8248d1bcefc77',
  'eec356fdfb7028cc95c7f7c4a0f7947dfe43efc4a6365d0e10fb1586db26cec1',
  '9f44dedff1b296da9b57565d90fc5a16391226ebe9008749fb8216dd9d9eefab',
  '6c99edc3e61b3a2312e95dbc12a23c943dcfe5068526b19a4a2e52e0367567fb',
  '01199bec21a5d2797ef91ea4c843af96e7ce88ed58e87e42f1bd0b3d1d8a3302',
  'b2b54708814394c7bff670763a8d21cb73ac5fcb1e2ca058bf5e0cd2bc0d2007',
  '8370bcc9cd7330db7842fba8edc86036fbccfab85926c0c95a884af6fe746880',
  'eec356fdfb7028cc95c7f7c4a0f7947dfe43efc4a6365d0e10fb1586db26cec1',
  '9f44dedff1b296da9b57565d90fc5a16391226ebe9008749fb8216dd9d9eefab',
  '6c99edc3e61b3a2312e95dbc12a23c943dcfe5068526b19a4a2e52e0367567fb',
  '01199bec21a5d2797ef91ea4c843af96e7ce88ed58e87e42f1bd0b3d1d8a3302',
  'b2b54708814394c7bff670763a8d21cb73ac5fcb1e2ca058bf5e0cd2bc0d2007',
  '8370bcc9cd7330db7842fba8edc86036fbccfab85926c0c95a884af6fe746880',
  '7c41b898c5da0cfa4aa049b65ef50248bce9a72d24bef4c723786431921b75aa',
  'e0f1fe71675c8ac5aa80b4fe216ad5e912f0293e57e95713bb922a4b4a5fd9e2',
  '110325cc96e38100bc8e172e628500fdf2a79abb141598da7ffc0a4dcf01cc2d',
  '0c3197a2c2c7e5b174dd51c248c2b11fb73cf84303b898eb81b3302bc246380b',
  '43292bf183d3952bb325dd04c73f1459bb06b3b1af26cba4912493bb8489d5ca',
];

/** How many lines the page has. */
export const LINE_COUNT = LINE_HASHES.length;

/** The statement with a number. Throws a RangeError where there is none. */
export function statementOf(number: number): Statement {
  const statement = STATEMENTS[number - 1];
  if (statement === undefined) throw new RangeError(`There is no statement ${String(number)}: the document has 1 to ${String(STATEMENTS.length)}.`);
  return statement;
}

/** First and last line of each of the statements, in the order given. Throws a RangeError for a number that is none. */
export function linesOf(statements: readonly number[]): [from: number, to: number][] {
  return statements.map((number) => {
    const [from, to] = statementOf(number).lines;
    return [from, to];
  });
}

/** The lines of a saved copy of the page, counted and trimmed as the note at the top of this file says. */
export function documentLines(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.replace(/\s+/gu, ' ').trim());
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

/** SHA-256 of a line of the page, in hex, once {@link documentLines} has trimmed it. */
export function hashLine(line: string): string {
  return createHash('sha256').update(line, 'utf8').digest('hex');
}

/**
 * Compares a saved copy of the page with the page that the statements were made from. Returns one sentence for each
 * line that was changed, added or removed, in the page's order; none when nothing differs. `hashes` are those of the
 * page unless others are given.
 */
export function verifyDocument(text: string, hashes: readonly string[] = LINE_HASHES): string[] {
  const copy = documentLines(text).map(hashLine);
  const differences: string[] = [];
  let page = 0;
  let own = 0;
  for (const [nextPage, nextOwn] of [...commonLines(hashes, copy), [hashes.length, copy.length] as const]) {
    for (; page < nextPage && own < nextOwn; page++, own++) differences.push(`Line ${String(page + 1)} was changed (line ${String(own + 1)} of the copy).`);
    for (; page < nextPage; page++) differences.push(`Line ${String(page + 1)} was removed.`);
    for (; own < nextOwn; own++) differences.push(`A line was added behind line ${String(page)} (line ${String(own + 1)} of the copy).`);
    page = nextPage + 1;
    own = nextOwn + 1;
  }
  return differences;
}

/** Index pairs of a longest common subsequence: the lines that both have, so that one added line does not make all behind it look changed. */
function commonLines(left: readonly string[], right: readonly string[]): (readonly [number, number])[] {
  const length: number[][] = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1).fill(0));
  const at = (i: number, j: number): number => length[i]?.[j] ?? 0;
  for (let i = left.length - 1; i >= 0; i--) {
    const row = length[i] ?? [];
    for (let j = right.length - 1; j >= 0; j--) row[j] = left[i] === right[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    if (left[i] === right[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}
