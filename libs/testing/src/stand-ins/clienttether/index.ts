export { startClientTether, type ClientTether, type ClientTetherOptions } from './clienttether';
export type { ClientTetherStream } from './truth';
