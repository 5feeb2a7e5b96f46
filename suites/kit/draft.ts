/**
 * A request before it goes out: what it is meant to be, in the field's terms. Each attempt makes it anew, with an
 * object_reference_id of its own of the same length and form.
 */
import type http from 'node:http';
import type { CredentialForm, FieldName, MerchantForm } from '../../contracts/model.js';
import { FIELDS } from '../../contracts/model.js';
import type { Fresh, PartInput } from '../../generators/input.js';
import { encodeForm, type Fields } from '../../generators/wire.js';
import { credentialHeader, credentialTemplate } from './credentials.js';
import type { WireRequest } from './transport.js';

/** A merchant's account at the target. */
export interface Account {
  readonly merchantId: string;
  readonly apiKey: string;
}

export interface Draft {
  readonly method: string;
  readonly path: string;
  /** Decoded, in the order of the body; also what the response is held against. */
  readonly fields: Fields;
  readonly account: Account;
  readonly credential: CredentialForm;
  readonly merchant: MerchantForm;
  readonly contentType: string | null;
  /** The body, where it is not made of `fields`. */
  readonly body?: Buffer;
  /** Writes the fields as a form, where they are not written plainly. */
  readonly spelled?: (fields: Fields) => Buffer;
  /** How a form parser reads the body is left open, so nothing that was sent is held against the response. */
  readonly readingOpen?: boolean;
  readonly chunked?: boolean;
  readonly headers?: readonly (readonly [string, string])[];
  readonly agent?: http.Agent;
}

/** Makes a draft for one attempt; `fresh` gives characters that no other attempt has. */
export type Recipe = (fresh: Fresh) => Draft;

export const FORM_TYPE = 'application/x-www-form-urlencoded';

export function fieldOf(draft: Draft, name: string): string | undefined {
  return draft.fields.find(([each]) => each === name)?.[1];
}

/** The draft with the field set, in its place; `null` takes it out. */
export function withField(draft: Draft, name: string, value: string | null): Draft {
  if (value === null) return { ...draft, fields: draft.fields.filter(([each]) => each !== name) };
  const there = draft.fields.some(([each]) => each === name);
  return { ...draft, fields: there ? draft.fields.map(([each, old]) => [each, each === name ? value : old] as const) : [...draft.fields, [name, value]] };
}

/** The draft with one part as the generators want it. */
export function withInput(draft: Draft, input: PartInput): Draft {
  switch (input.part) {
    case 'field':
      return withField(draft, input.field, input.value);
    case 'fields':
      return FIELDS.reduce((result, name) => {
        const value = input.values[name];
        return value === undefined ? result : withField(result, name, value);
      }, draft);
    case 'authorization':
      return { ...draft, credential: input.form, ...(input.merchant === undefined ? {} : { merchant: input.merchant }) };
    case 'merchant':
      return { ...draft, merchant: input.form };
    case 'content-type':
      return {
        ...draft,
        contentType: input.value,
        ...(input.body === 'json' ? { body: Buffer.from(JSON.stringify(Object.fromEntries(draft.fields))), readingOpen: true } : {}),
      };
    case 'transfer':
      // What is lost on the way is for the rule about chunks, and for no rule about fields.
      return { ...draft, chunked: true, readingOpen: true };
    case 'path':
      return { ...draft, path: input.path };
  }
}

/** The value of the part in words of the request: null where it was not sent. */
export function partValue(draft: Draft, input: PartInput): { readonly part: string; readonly value: string | null } {
  switch (input.part) {
    case 'field':
      return { part: input.field, value: fieldOf(draft, input.field) ?? null };
    case 'fields': {
      const names = Object.keys(input.values);
      return { part: names.join(' and '), value: names.map((name) => fieldOf(draft, name) ?? 'not sent').join(', ') };
    }
    case 'authorization':
      return { part: 'Authorization', value: credentialTemplate(draft.credential) ?? null };
    case 'merchant':
      return { part: 'x-merchantid', value: merchantHeader(draft)?.[1] ?? null };
    case 'content-type':
      return { part: 'Content-Type', value: draft.contentType };
    case 'transfer':
      return { part: 'Transfer-Encoding', value: draft.chunked === true ? 'chunked' : null };
    case 'path':
      return { part: 'path', value: draft.path };
  }
}

function merchantHeader(draft: Draft): readonly [string, string] | undefined {
  const { merchantId } = draft.account;
  switch (draft.merchant) {
    case 'canonical':
      return ['x-merchantid', merchantId];
    case 'name-upper-case':
      return ['X-MERCHANTID', merchantId];
    case 'name-mixed-case':
      return ['X-MerchantId', merchantId];
    case 'empty':
      return ['x-merchantid', ''];
    case 'other':
      return ['x-merchantid', `${merchantId}_other`];
    case 'odd-characters':
      return ['x-merchantid', `${merchantId} !"#$%&'()*+,/:;<=>?@[]^{|}~`];
    case 'absent':
      return undefined;
  }
}

/** A request ready to be sent, and the same as reports show it: the credential by its template. */
export interface Written {
  readonly wire: WireRequest;
  readonly shownHeaders: readonly (readonly [string, string])[];
}

export function write(draft: Draft): Written {
  const body = draft.body ?? (draft.method === 'GET' || draft.method === 'HEAD' ? undefined : (draft.spelled ?? encodeForm)(draft.fields));
  const merchant = merchantHeader(draft);
  const around = [
    ...(merchant === undefined ? [] : [merchant]),
    ...(draft.contentType === null || body === undefined ? [] : [['Content-Type', draft.contentType] as const]),
    ...(draft.headers ?? []),
  ];
  const withCredential = (value: string | undefined): (readonly [string, string])[] => [
    ...(value === undefined ? [] : [['Authorization', value] as const]),
    ...around,
  ];
  return {
    wire: {
      method: draft.method,
      path: draft.path,
      headers: withCredential(credentialHeader(draft.credential, draft.account.apiKey)),
      body,
      ...(draft.chunked === true ? { chunked: true } : {}),
      ...(draft.agent === undefined ? {} : { agent: draft.agent }),
    },
    // How a body went out is part of what was sent, though Node writes this header by itself.
    shownHeaders: [...withCredential(credentialTemplate(draft.credential)), ...(draft.chunked === true ? [['Transfer-Encoding', 'chunked'] as const] : [])],
  };
}

/** Fields that a request may do without; the e-mail address last, since a target may require it. */
export const DROPPABLE: readonly FieldName[] = ['options.get_client_auth_token', 'mobile_country_code', 'first_name', 'last_name', 'email_address'];
