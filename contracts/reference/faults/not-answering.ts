/** How a server does not answer: with a 5xx, by silence, by dropping the connection. */
import type { Call, Change, Reply } from '../behaviour.js';

/** A request that is not answered is neither accepted nor refused: other rules learn nothing, and odd requests of every family may have what it takes. */
export const NOT_ANSWERED = ['values', 'good-requests', 'bodies', 'sizes', 'headers', 'methods', 'paths'].map((family) => `robustness/${family}`);

export const INTERNAL_ERROR: Reply = {
  status: 500,
  headers: { 'Content-Type': 'application/json' },
  body: '{"status":"error","error_code":"internal","error_message":"Internal Server Error"}',
};

export const failing =
  (on: (call: Call) => boolean, status = 500): Change =>
  ({ beforehand }) => ({ beforehand: (call, world, behaviour) => (on(call) ? { ...INTERNAL_ERROR, status } : beforehand(call, world, behaviour)) });
export const dropping =
  (on: (call: Call) => boolean): Change =>
  ({ send }) => ({ send: (response, reply, call) => (on(call) ? void response.socket?.destroy() : send(response, reply, call)) });
export const silent =
  (on: (call: Call) => boolean): Change =>
  ({ send }) => ({ send: (response, reply, call) => (on(call) ? undefined : send(response, reply, call)) });
export const isCreate = (call: Call): boolean => call.route.kind === 'create';
