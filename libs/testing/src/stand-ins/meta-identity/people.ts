/** The people who can sign in at the sandbox of Meta. */

export interface MetaPerson {
  /** Meta's number for the person, beyond what a JavaScript number is exact to. */
  id: string;
  name: string;
}

export const metaPeople = {
  /** Sees every ad account. */
  marketing: { id: '10224918273645510293', name: 'Maren Lindqvist (Sandbox)' },
  /** An agency, which sees one ad account. */
  agency: { id: '10159384756102938475', name: 'Tobias Adeyemi (Sandbox)' },
  /** Sees no ad account at all. */
  newcomer: { id: '10238475610293847561', name: 'Noa Ferreira (Sandbox)' },
} as const satisfies Record<string, MetaPerson>;

/** What an application can ask for, in the words of the dialog. */
export const metaScopes: Readonly<Record<string, string>> = {
  public_profile: 'Your name and profile picture',
  email: 'Your email address',
  ads_read: 'Access your Facebook ads and related stats',
  ads_management: 'Manage ads for ad accounts that you have access to',
  business_management: 'Manage your business',
  read_insights: 'Read insights of your Pages and apps',
};
