/** Credentials that sources share, and ready-made models and dashboards. */
import { z } from 'zod';
import { connectionStatus } from '../states';
import { id, time } from './values';

export const connection = z.object({
  id,
  /** `google`, `meta`, or the type of connector whose keys these are. */
  provider: z.string(),
  name: z.string(),
  /** Whose consent it is, as the provider calls them. */
  account: z.string().nullable(),
  scopes: z.array(z.string()),
  status: connectionStatus,
  statusReason: z.string().nullable(),
  /** Sources that use it. */
  sources: z.array(z.object({ id, projectId: id, name: z.string() })),
  createdBy: z.string(),
  createdAt: time,
  revision: z.number().int(),
});
export type Connection = z.infer<typeof connection>;

export const createConnection = z.object({
  /** Type of connector; its credentials are checked by its schema. */
  type: z.string(),
  name: z.string().trim().min(1, 'Give it a name.').max(100),
  credentials: z.record(z.string(), z.unknown()),
});
export type CreateConnection = z.infer<typeof createConnection>;

export const updateConnection = z.object({
  name: z.string().trim().min(1).max(100).optional(),
  credentials: z.record(z.string(), z.unknown()).optional(),
});
export type UpdateConnection = z.infer<typeof updateConnection>;

export const oauthStart = z.object({
  /** The connector that needs the consent; its scopes are asked for. */
  type: z.string(),
  /** A path of this site to come back to; `connection=<id>` or `refused=<code>` is added to its query. */
  returnTo: z
    .string()
    .regex(/^\/(?![/\\])/, 'Give a path of this site.')
    .max(500),
  /** Consent again for this connection. */
  connectionId: id.optional(),
});
export type OAuthStart = z.infer<typeof oauthStart>;

/** As the provider sends the browser back (RFC 6749 §4.1.2). */
export const oauthCallback = z.object({
  state: z.string().max(500).optional(),
  code: z.string().max(4_000).optional(),
  error: z.string().max(200).optional(),
  error_description: z.string().max(2_000).optional(),
  scope: z.string().max(4_000).optional(),
});
export type OAuthCallback = z.infer<typeof oauthCallback>;

/** Another source of the project that a template reads. */
export const templateCompanion = z.object({
  /** Its name in the body of `addTemplate`. */
  as: z.string(),
  type: z.string(),
  /** As people call the vendor. */
  connector: z.string(),
  streams: z.array(z.string()),
  /** The project's sources of that type, the oldest first; none is an obstacle. */
  choices: z.array(
    z.object({
      id,
      name: z.string(),
      /** Why it can't be read now; null when it can. */
      obstacle: z.string().nullable(),
    }),
  ),
  /** The one that is taken when none is named: the oldest that is not paused. */
  chosen: id.nullable(),
});
export type TemplateCompanion = z.infer<typeof templateCompanion>;

export const sourceTemplate = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  streams: z.array(z.string()),
  /** What it reads beside this source. */
  beside: z.array(templateCompanion),
  /** Why it can't be added now with the sources that are taken when none is named, e.g. since a stream is off; null when it can. */
  obstacle: z.string().nullable(),
  /** Names that the models would have. */
  models: z.array(z.string()),
  dashboards: z.array(z.string()),
  /** Whether all of its models are there. */
  added: z.boolean(),
});
export type SourceTemplate = z.infer<typeof sourceTemplate>;

export const addTemplate = z.object({
  /** Which source to read for a companion, by its `as`. */
  with: z.record(z.string(), id).default({}),
});
export type AddTemplate = z.infer<typeof addTemplate>;

export const addedTemplate = z.object({
  models: z.array(z.object({ id, name: z.string() })),
  dashboards: z.array(z.object({ id, name: z.string() })),
});
export type AddedTemplate = z.infer<typeof addedTemplate>;

export const hookReceived = z.object({ rows: z.number().int(), rejected: z.number().int() });
