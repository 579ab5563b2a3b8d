/** The scopes that the sandbox knows, each with the sentence of Google's consent page. */

const root = 'https://www.googleapis.com/auth/';

export const googleScopes = {
  analytics: `${root}analytics.readonly`,
  ads: `${root}adwords`,
  adManager: `${root}admanager`,
  bigQuery: `${root}bigquery`,
  bigQueryReadOnly: `${root}bigquery.readonly`,
  cloudPlatform: `${root}cloud-platform`,
  email: `${root}userinfo.email`,
  profile: `${root}userinfo.profile`,
  openId: 'openid',
} as const;

const sentences: Record<string, string> = {
  [googleScopes.analytics]: 'See and download your Google Analytics data',
  [googleScopes.ads]: 'See, edit, create, and delete your Google Ads accounts and data',
  [googleScopes.adManager]: 'See, edit, create, and delete data in your Google Ad Manager network',
  [googleScopes.bigQuery]: 'View and manage your data in Google BigQuery',
  [googleScopes.bigQueryReadOnly]: 'View your data in Google BigQuery',
  [googleScopes.cloudPlatform]: 'See, edit, configure, and delete your Google Cloud data',
  [googleScopes.email]: 'See your primary Google Account email address',
  [googleScopes.profile]: 'See your personal info',
  [googleScopes.openId]: 'Associate you with your personal info on Google',
};

const aliases: Record<string, string> = { email: googleScopes.email, profile: googleScopes.profile };

/** Scopes that come with signing in; nobody is asked about them one by one. */
const ofSignIn: readonly string[] = [googleScopes.openId, googleScopes.email, googleScopes.profile];

export const isOfSignIn = (scope: string): boolean => ofSignIn.includes(scope);

export const sentenceOf = (scope: string): string => sentences[scope] ?? scope;

/** Splits a scope parameter and writes aliases out. `unknown` lists what Google would refuse. */
export const parseScopes = (parameter: string): { scopes: string[]; unknown: string[] } => {
  const scopes = [...new Set(parameter.split(' ').filter(Boolean))].map((scope) => aliases[scope] ?? scope);
  return { scopes, unknown: scopes.filter((scope) => !(scope in sentences)) };
};
