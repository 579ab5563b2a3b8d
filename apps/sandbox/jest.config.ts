import { server } from '../../jest.preset.mjs';
export default server('apps/sandbox');
