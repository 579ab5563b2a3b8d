/** How gateways tell each other that a session or key was revoked, so that its sockets close at once. */

export interface Revocation {
  sessionId?: string;
  apiKeyId?: string;
}

export const revocations = { channel: 'freshet_revoked' } as const;
