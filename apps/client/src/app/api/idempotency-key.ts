/** A key that makes a repeated POST one request. `crypto.randomUUID` is missing on pages without TLS, so it is drawn here. */
export const idempotencyKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
