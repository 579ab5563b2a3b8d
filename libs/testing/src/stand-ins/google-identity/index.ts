export { defaultAccounts, sandboxAccounts, type GoogleAccount } from './accounts';
export type { Client as GoogleOAuthClient } from './authorize';
export { googleError, googleErrorBody, refuseAsGoogle, type GoogleStatus } from './google-error';
export { googleGrant, type GoogleGrant } from './google-grant';
export * from './google-identity';
export { googleScopes } from './scopes';
