/**
 * Google's client library for Ad Manager, loaded when it is first needed, and of its seventy services only the two in use: the others,
 * and the messages of all of them as classes, which the package's front door loads too, are 35 MB of memory.
 */
import { createRequire } from 'node:module';
import type { NetworkServiceClient, ReportServiceClient } from '@google-ads/admanager';

interface Library {
  NetworkServiceClient: typeof NetworkServiceClient;
  ReportServiceClient: typeof ReportServiceClient;
}

const services = '@google-ads/admanager/build/src/v1';

/** What Node has loaded is remembered by Node. */
export const adManagerLibrary = (): Library => {
  const here = createRequire(import.meta.url);
  return {
    ...(here(`${services}/network_service_client.js`) as Pick<Library, 'NetworkServiceClient'>),
    ...(here(`${services}/report_service_client.js`) as Pick<Library, 'ReportServiceClient'>),
  };
};
