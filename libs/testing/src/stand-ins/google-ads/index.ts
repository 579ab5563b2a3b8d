export { fixedToken, type Identity as GoogleAdsIdentity } from './access';
export type { GoogleAdsControls, Oddity as GoogleAdsOddity } from './controls';
export { sandboxCustomers, type AdsCustomer } from './customers';
export { startGoogleAds, type GoogleAds, type GoogleAdsOptions } from './google-ads';
export type { GoogleAdsStream } from './truth';
