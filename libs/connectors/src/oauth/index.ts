export * from './consent';
export * from './grant';
export { isRegistered, type OAuthClient, type OAuthClients, type OAuthProvider } from './provider';
