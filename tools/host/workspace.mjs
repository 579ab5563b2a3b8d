/** Where this checkout is, and what in it is not in version control. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const workspace = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Programs fetched for this checkout, and its locks. */
export const toolsFolder = path.join(workspace, '.freshet-tools');

/** The folder that keeps the data of one copy: `FRESHET_DATA_DIR`, else `.freshet` in the checkout. */
export const dataFolder = () => path.resolve(workspace, process.env.FRESHET_DATA_DIR || '.freshet');
