export type { FileFault } from './faults';
export { startFileServer, type FileServer, type ServedRequest } from './file-server';
export type { ServedFileOptions } from './served-file';
