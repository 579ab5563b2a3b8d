/** Passwords of project roles: derived, so that no service has to store or exchange them. */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

/** The password of a project role: base64url of HMAC-SHA256(master key, role name). */
export const rolePassword = (masterKey: string, roleName: string): string =>
  createHmac('sha256', masterKey).update(roleName).digest('base64url');

const iterations = 4096;

/**
 * A password as PostgreSQL stores it (RFC 5803), so that the password itself never is in a statement, which a server may
 * log. The salt follows from the password, so that provisioning again writes the same value.
 */
export const scramVerifier = (password: string): string => {
  const salt = createHash('sha256').update(`salt:${password}`).digest().subarray(0, 16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const hmac = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${hmac('Server Key').toString('base64')}`;
};
