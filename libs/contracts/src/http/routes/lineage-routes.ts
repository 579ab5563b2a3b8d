/** Lineage, proof and why. */
import { z } from 'zod';
import * as l from '../lineage';
import type { Route } from './route';

export const lineageRoutes = {
  lineage: {
    method: 'GET',
    path: '/api/projects/:projectId/lineage',
    summary: 'Sources, tables, models and dashboards, and what reads what',
    tag: 'lineage',
    response: l.lineage,
  },
  proof: {
    method: 'GET',
    path: '/api/projects/:projectId/proof',
    summary: 'What a number contains, with a signed link',
    tag: 'lineage',
    query: l.proofQuery,
    response: l.proof,
  },
  verifyProof: {
    method: 'GET',
    path: '/api/proofs/verify',
    summary: 'Check a signed proof; 404 when it is not ours or not yours',
    tag: 'lineage',
    query: z.object({ token: z.string().optional() }),
    response: l.verifiedProof,
  },
  why: {
    method: 'GET',
    path: '/api/projects/:projectId/why',
    summary: 'Why a model or chart is as it is',
    tag: 'lineage',
    query: l.whyQuery,
    response: l.whyAnswer,
  },
} as const satisfies Record<string, Route>;
