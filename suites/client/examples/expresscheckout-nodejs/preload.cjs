// Corrects one call of expresscheckout-nodejs: it gives https.request the host name with the port still in it
// (`127.0.0.1:8443`), so that it reaches nothing but port 443. `node --require ./preload.cjs create.cjs`
const https = require('node:https');

const original = https.request;
https.request = function request(options, ...rest) {
  if (typeof options !== 'object' || options === null) return original.call(this, options, ...rest);
  const corrected = { ...options };
  for (const name of ['host', 'hostname']) {
    const [, host, port] = /^(.+):(\d+)$/.exec(corrected[name] ?? '') ?? [];
    if (host !== undefined) Object.assign(corrected, { [name]: host, port: Number(port) });
  }
  return original.call(this, corrected, ...rest);
};
