export { startActBlue, type ActBlue, type ActBlueOptions } from './actblue';
export { donationNotice, refundNotice } from './webhooks';
export type { ActBlueStream } from './truth';
export type { LineItem as ActBlueLineItem } from './world';
