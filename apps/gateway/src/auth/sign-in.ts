/** Opens sessions for people who prove who they are, and slows down who guesses. */
import { Inject, Injectable } from '@nestjs/common';
import { defaults, FreshetError, type SetUp, type SignIn } from '@freshet/contracts';
import {
  ControlPlane,
  findUserForSignIn,
  needsSetUp,
  openSession,
  setUpInstallation,
} from '@freshet/persistence';
import {
  Clock,
  hashToken,
  LOG,
  newSessionToken,
  RateLimiter,
  tooMany,
  type Limit,
  type Log,
} from '@freshet/service-kit';
import { notFound } from '../http/id-param';
import { slugFrom } from '../organization/slug';
import { hashPassword, passwordFits } from './passwords';

const quarterHour = 15 * 60_000;
/** Of one address for one account, and of one address for all accounts together. */
const limits = {
  account: { name: 'sign-in', most: 10, windowMs: quarterHour },
  address: { name: 'sign-in-address', most: 100, windowMs: quarterHour },
} as const satisfies Record<string, Limit>;

export interface Visitor {
  ip: string;
  userAgent: string;
}

@Injectable()
export class SignInDesk {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** The new session's token. Throws `unauthenticated`, in the same words and time whether the address or the password is wrong. */
  async signIn({ email, password }: SignIn, visitor: Visitor): Promise<string> {
    await this.slowDown(limits.account, `${email.toLowerCase()}|${visitor.ip}`);
    await this.slowDown(limits.address, visitor.ip);
    const user = await this.plane.beforeTenant((sql) => findUserForSignIn(sql, email));
    const fits = await passwordFits(user?.passwordHash ?? null, password);
    if (!user || !fits)
      throw new FreshetError('unauthenticated', 'The e-mail address or the password is wrong.');
    return this.open(user.userId, user.organizationId, visitor);
  }

  needsSetUp(): Promise<boolean> {
    return this.plane.beforeTenant(needsSetUp);
  }

  /** Creates the first owner and signs them in. Throws `not_found` once anybody is there. */
  async setUp({ organizationName, email, name, password }: SetUp, visitor: Visitor): Promise<string> {
    if (!(await this.needsSetUp())) throw alreadySetUp();
    const owner = {
      organizationName,
      organizationSlug: slugFrom(organizationName),
      email,
      name,
      passwordHash: await hashPassword(password),
    };
    const created = await this.plane.beforeTenant((sql) => setUpInstallation(sql, owner));
    if (!created) throw alreadySetUp();
    return this.open(created.userId, created.organizationId, visitor);
  }

  private async open(userId: string, organizationId: string | null, { userAgent }: Visitor): Promise<string> {
    const token = newSessionToken();
    const expiresAt = new Date(this.clock.now().getTime() + defaults.session.lasts);
    await this.plane.beforeTenant((sql) =>
      openSession(sql, { tokenHash: hashToken(token), userId, organizationId, userAgent, expiresAt }),
    );
    return token;
  }

  private async slowDown(limit: Limit, who: string): Promise<void> {
    const allowance = await this.limiter.take(limit, who).catch((err: unknown) => {
      this.log.warn({ err }, 'Sign-ins are not limited while Redis is not reachable');
      return null;
    });
    if (allowance && !allowance.allowed)
      throw tooMany(allowance, 'Too many tries to sign in. Wait a while, then try again.', this.clock.now());
  }
}

const alreadySetUp = (): FreshetError => notFound('The set-up');
