export { startMetaIdentity, type MetaIdentity, type MetaIdentityOptions } from './meta-identity';
export { metaPeople, type MetaPerson } from './people';
