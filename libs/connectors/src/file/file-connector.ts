/** File / HTTP (spec K11): CSV, TSV, JSON and NDJSON, also gzipped, by address or upload. */
import { z } from 'zod';
import { defineConnector } from '../kit/define-connector';
import { checkFile, discoverFile } from './check-file';
import { fileConfig, fileStream } from './file-config';
import { readFile } from './read-file';

export const fileConnector = defineConnector({
  type: 'file',
  name: 'File / HTTP',
  description: 'A CSV, TSV, JSON or NDJSON file at a web address or uploaded, also gzipped.',
  auth: 'none',
  isLocal: true,
  config: fileConfig,
  credentials: z.null(),
  docsUrl: null,
  fixedStreams: [],
  provisionalDays: 0,
  streams: (config) => [fileStream(config)],
  check: (config, _credentials, context) => checkFile(config, context),
  discover: (config, _credentials, context) => discoverFile(config, context),
  read: readFile,
});
