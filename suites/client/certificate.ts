/** A certificate made for one run: some clients speak TLS only, and none should have to trust one that lies about. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface Certificate {
  /** The server's private key and certificate, in PEM. */
  readonly key: string;
  readonly cert: string;
  /** The authority that signed it, in PEM: what a client has to trust. */
  readonly ca: string;
  /** The same authority as a file. */
  readonly caFile: string;
  /** Takes the file away. */
  dispose(): Promise<void>;
}

/** Makes an authority and a certificate of it for 127.0.0.1, ::1 and localhost, good for a day. The authority's key is thrown away. */
export async function makeCertificate(): Promise<Certificate> {
  const now = Date.now();
  // An hour of grace for clocks in containers that run behind.
  const validity = { notBeforeDate: new Date(now - DAY_MS / 24), notAfterDate: new Date(now + DAY_MS), keyType: 'ec', algorithm: 'sha256' } as const;
  const authority = await generate([{ name: 'commonName', value: 'conform client, for one run' }], {
    ...validity,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...validity,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  const folder = await mkdtemp(join(tmpdir(), 'conform-client-'));
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, authority.cert);
  return { key: server.private, cert: server.cert, ca: authority.cert, caFile, dispose: () => rm(folder, { recursive: true, force: true }) };
}

/** The variables by which runtimes and programs are told of a further authority: Node, OpenSSL (Python, Ruby, PHP), requests, curl, Deno. */
export function trustVariables({ caFile }: Pick<Certificate, 'caFile'>): Readonly<Record<string, string>> {
  return {
    CONFORM_CA_FILE: caFile,
    NODE_EXTRA_CA_CERTS: caFile,
    SSL_CERT_FILE: caFile,
    REQUESTS_CA_BUNDLE: caFile,
    CURL_CA_BUNDLE: caFile,
    DENO_CERT: caFile,
  };
}
