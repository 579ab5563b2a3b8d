/** Access tokens of one OAuth grant: renewed in time, once for everybody who waits for it. */
import type { AccessTokens } from './context';

export interface Grant {
  accessToken: string;
  /** Epoch milliseconds. */
  expiresAt: number;
}

export interface GrantStore {
  load(): Promise<Grant>;
  /**
   * Renews and stores the grant, unless another process already did (its token then differs from `refused`). Throws `source_unauthorized`
   * when the grant is gone.
   */
  renew(refused: string): Promise<Grant>;
  now(): Date;
}

/** A token this close to its end is renewed before it is used: a page may take as long. */
const margin = 5 * 60_000;

export const accessTokens = (store: GrantStore): AccessTokens => {
  let known: Promise<Grant> | null = null;
  let renewing: Promise<Grant> | null = null;

  const renew = (refused: string): Promise<Grant> => {
    renewing ??= store.renew(refused).finally(() => (renewing = null));
    return renewing;
  };
  const current = async (): Promise<Grant> => {
    known ??= store.load();
    try {
      return await known;
    } catch (error) {
      known = null;
      throw error;
    }
  };
  const remember = async (grant: Promise<Grant>): Promise<string> => {
    const found = await grant;
    known = Promise.resolve(found);
    return found.accessToken;
  };

  return {
    async get() {
      if (renewing) return (await renewing).accessToken;
      const grant = await current();
      const isOld = grant.expiresAt - margin <= store.now().getTime();
      return isOld ? remember(renew(grant.accessToken)) : grant.accessToken;
    },
    async renew(refused) {
      const grant = await current();
      // Somebody else's call met the same refusal a moment ago.
      return grant.accessToken === refused ? remember(renew(refused)) : grant.accessToken;
    },
  };
};
