import { server } from '../../jest.preset.mjs';
export default { ...server('apps/e2e'), testTimeout: 60_000 };
