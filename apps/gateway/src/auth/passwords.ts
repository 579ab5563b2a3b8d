/** Passwords as argon2id hashes. */
import { hash, verify } from '@node-rs/argon2';

/** argon2id (the library's default) with the parameters OWASP names first: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password, cost);

let nobody: Promise<string> | undefined;

/**
 * Whether the password fits. Without a stored hash it is compared with one that nothing fits, so that an unknown e-mail
 * address takes as long as a wrong password.
 */
export async function passwordFits(stored: string | null, password: string): Promise<boolean> {
  nobody ??= hashPassword(crypto.randomUUID());
  const fits = await verify(stored ?? (await nobody), password);
  return stored !== null && fits;
}
