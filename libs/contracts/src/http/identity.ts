/** Sign-in, the caller, and the workspaces it may enter. */
import { z } from 'zod';
import { publishMode } from '../states';
import { id, slug, time } from './values';

export const role = z.enum(['owner', 'admin', 'editor', 'viewer']);
export type Role = z.infer<typeof role>;

export const signIn = z.object({
  email: z.email('Enter an e-mail address.').max(254),
  password: z.string().min(1, 'Enter your password.').max(1_000),
});
export type SignIn = z.infer<typeof signIn>;

export const setUp = z.object({
  organizationName: z.string().trim().min(1).max(100),
  email: z.email('Enter an e-mail address.').max(254),
  name: z.string().trim().min(1).max(100),
  password: z.string().min(12, 'Use at least 12 characters.').max(1_000),
});
export type SetUp = z.infer<typeof setUp>;

const statementLimits = z.object({
  /** Milliseconds. */
  statementTimeoutMs: z.number().int().min(100).max(86_400_000).optional(),
  /** Memory of each sort and hash table. */
  workMemMb: z.number().int().min(1).max(4_096).optional(),
  /** Temporary files of one session; holds only where the database's owner may set it. */
  tempFileMb: z.number().int().min(1).max(1_000_000).optional(),
});
/** What one statement of a project may take; what is left out is as everywhere (spec RF10). */
export const projectLimits = z.object({
  /** Builds of models. */
  build: statementLimits.optional(),
  /** Charts, queries and previews; these also end by their own timeouts. */
  read: statementLimits.optional(),
});
export type ProjectLimits = z.infer<typeof projectLimits>;

export const project = z.object({
  id,
  name: z.string(),
  slug: z.string(),
  organizationId: id,
  publishMode,
  limits: projectLimits,
});
export type Project = z.infer<typeof project>;

export const me = z.object({
  kind: z.enum(['user', 'api_key']),
  userId: id.nullable(),
  email: z.string().nullable(),
  name: z.string(),
  operator: z.boolean(),
  organization: z.object({ id, name: z.string(), role }).nullable(),
  projects: z.array(project),
});
export type Me = z.infer<typeof me>;

/** Whether this installation still waits for its first owner. */
export const setUpState = z.object({ needed: z.boolean() });

export const createProject = z.object({ name: z.string().trim().min(1).max(100), slug: slug.optional() });
export type CreateProject = z.infer<typeof createProject>;
/** What is left out stays as it is. */
export const updateProject = z
  .object({ name: z.string().trim().min(1).max(100), publishMode, limits: projectLimits })
  .partial();
export type UpdateProject = z.infer<typeof updateProject>;

export const apiKey = z.object({
  id,
  name: z.string(),
  prefix: z.string(),
  createdAt: time,
  lastUsedAt: time.nullable(),
  expiresAt: time.nullable(),
});
export type ApiKey = z.infer<typeof apiKey>;
export const createApiKey = z.object({ name: z.string().trim().min(1).max(100), expiresAt: time.optional() });
export const createdApiKey = apiKey.extend({ key: z.string().describe('Shown once; only its hash is kept') });
