/** What the file connector remembers of the version that it read last. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Checkpoint, ReadRequest } from '../kit/connector';
import type { Download } from './download';
import type { FileConfig } from './file-config';

const fileCheckpoint = z.object({
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  sha256: z.string(),
  /** Bytes, unpacked. */
  size: z.int(),
  /** Of the settings by which the file was read: with others the same file gives other rows. */
  settings: z.string(),
});

export type FileCheckpoint = z.infer<typeof fileCheckpoint>;

const settingsOf = ({ provisionalDays: _presentation, ...config }: FileConfig): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(config).sort()))
    .digest('hex')
    .slice(0, 16);

export const checkpointAfter = (config: FileConfig, { validators, sha256, spool }: Download): Checkpoint =>
  ({ ...validators, sha256, size: spool.size, settings: settingsOf(config) }) satisfies FileCheckpoint;

/** `null` when the file has to be read whatever the server says: first load, no table, changed settings. */
export const usableCheckpoint = ({
  checkpoint,
  knownColumns,
  config,
}: ReadRequest<FileConfig>): FileCheckpoint | null => {
  const parsed = fileCheckpoint.safeParse(checkpoint);
  return parsed.success && knownColumns !== null && parsed.data.settings === settingsOf(config)
    ? parsed.data
    : null;
};
