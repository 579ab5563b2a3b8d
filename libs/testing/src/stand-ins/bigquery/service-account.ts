/** A service account of the sandbox: its key, and access tokens for assertions signed with it (RFC 7523). */
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { Refusal, type VendorAnswer, type VendorRequest } from '../stand-in';
import { googleScopes } from '../google-identity';
import { projectId } from './tables';

export interface ServiceAccountKey {
  type: 'service_account';
  project_id: string;
  private_key_id: string;
  private_key: string;
  client_email: string;
  token_uri: string;
}

const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** What assertions are addressed to, wherever the endpoint is. */
const audience = 'https://oauth2.googleapis.com/token';
const scopes: readonly string[] = [
  googleScopes.bigQuery,
  googleScopes.bigQueryReadOnly,
  googleScopes.cloudPlatform,
];

let made: string | undefined;
/** Making one takes longer than a whole test. */
const privateKey = (): string => {
  made ??= generateKeyPairSync('rsa', { modulusLength: 2_048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  return made;
};

const refused = (description: string): never => {
  throw new Refusal({ status: 400, body: { error: 'invalid_grant', error_description: description } });
};

const decoded = (part: string): Record<string, unknown> => {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  } catch {
    return refused('Invalid JWT: Failed audience check or malformed.');
  }
};

export class ServiceAccount {
  readonly key: ServiceAccountKey;
  isDisabled = false;
  /** Tokens given out. */
  issued = 0;
  private expiredUpTo = 0;
  private readonly granted = new Map<string, readonly string[]>();

  /** @param pem of its private key, for one that outlives the process; by default one is made */
  constructor(pem: string = privateKey()) {
    this.key = {
      type: 'service_account',
      project_id: projectId,
      private_key_id: 'sandbox',
      private_key: pem,
      client_email: `freshet@${projectId}.iam.gserviceaccount.com`,
      token_uri: audience,
    };
  }

  expireTokens(): void {
    this.expiredUpTo = this.issued;
  }

  /** Null for tokens of others; otherwise whether it is good for any of these scopes. */
  check(token: string, needed: readonly string[]): boolean | null {
    const serial = /^ya29\.c\.(\d+)$/.exec(token)?.[1];
    if (serial === undefined) return null;
    const granted = this.granted.get(token) ?? [];
    return (
      !this.isDisabled && Number(serial) > this.expiredUpTo && granted.some((scope) => needed.includes(scope))
    );
  }

  exchange({ body }: VendorRequest): VendorAnswer {
    const form = new URLSearchParams(body);
    if (form.get('grant_type') !== grantType)
      throw new Refusal({
        status: 400,
        body: { error: 'unsupported_grant_type', error_description: 'Invalid grant_type' },
      });
    const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
    if (decoded(head)['alg'] !== 'RS256') return refused('Invalid JWT: only RS256 is taken.');
    const { iss, aud, scope, exp, iat } = decoded(claims);
    if (iss !== this.key.client_email || this.isDisabled) return refused('Invalid grant: account not found');
    const publicKey = createPublicKey(this.key.private_key);
    const signed = verify(
      'sha256',
      Buffer.from(`${head}.${claims}`),
      publicKey,
      Buffer.from(signature, 'base64url'),
    );
    if (!signed) return refused('Invalid JWT Signature.');
    if (aud !== audience) return refused('Invalid JWT: Failed audience check.');
    // Client libraries take the machine's clock for these, which a test does not move.
    const now = Date.now() / 1_000;
    if (
      typeof exp !== 'number' ||
      typeof iat !== 'number' ||
      exp < now ||
      exp - iat > 3_600 ||
      iat > now + 300
    )
      return refused(
        'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.',
      );
    if (
      !String(scope)
        .split(' ')
        .some((one) => scopes.includes(one))
    )
      throw new Refusal({
        status: 400,
        body: {
          error: 'invalid_scope',
          error_description: 'Invalid OAuth scope or ID token audience provided.',
        },
      });
    this.issued += 1;
    this.granted.set(`ya29.c.${this.issued}`, String(scope).split(' '));
    return {
      status: 200,
      body: { access_token: `ya29.c.${this.issued}`, expires_in: 3_599, token_type: 'Bearer' },
    };
  }
}
