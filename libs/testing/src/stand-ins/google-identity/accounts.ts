/** The people who can sign in at the sandbox. */

export interface GoogleAccount {
  /** Identifies the account everywhere. */
  email: string;
  name: string;
  /** Google's own number for it, larger than a JavaScript number is exact. */
  id: string;
}

export const sandboxAccounts = {
  /** Sees everything there is. */
  marketing: {
    email: 'marketing@sandbox.example',
    name: 'Maren Lindqvist (Sandbox)',
    id: '108244291073518264901',
  },
  /** An agency, which sees a part of it. */
  agency: { email: 'agency@sandbox.example', name: 'Tobias Adeyemi (Sandbox)', id: '115733940182650037442' },
  /** Has no properties, customers or networks at all. */
  newcomer: {
    email: 'newcomer@sandbox.example',
    name: 'Noa Ferreira (Sandbox)',
    id: '102938475601928374655',
  },
} as const satisfies Record<string, GoogleAccount>;

export const defaultAccounts: readonly GoogleAccount[] = Object.values(sandboxAccounts);
