export { startSwitchboard, type Switchboard, type SwitchboardOptions } from './switchboard';
export type { SwitchboardStream } from './truth';
