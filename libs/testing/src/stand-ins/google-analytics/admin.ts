/** The part of the Admin API that tells which properties somebody may see, and where a property lives. */
import { refuseAsGoogle } from '../google-identity';
import type { VendorAnswer, VendorRequest } from '../stand-in';
import type { AnalyticsProperty } from './properties';

const usualPage = 50;
const largestPage = 200;

/** @param visible what the caller may see */
export const accountSummaries = (
  visible: readonly AnalyticsProperty[],
  { query }: VendorRequest,
): VendorAnswer => {
  const size = Number(query.get('pageSize') ?? usualPage);
  if (!Number.isInteger(size) || size < 0) refuseAsGoogle('INVALID_ARGUMENT', 'Invalid page size.');
  const start = Number(query.get('pageToken') ?? 0);
  if (!Number.isInteger(start)) refuseAsGoogle('INVALID_ARGUMENT', 'Invalid page token.');
  const end = start + Math.min(size || usualPage, largestPage);
  const accounts = new Map(visible.map((property) => [property.account.id, property.account]));
  const page = [...accounts.values()].slice(start, end).map(({ id, name }) => ({
    name: `accountSummaries/${id}`,
    account: `accounts/${id}`,
    displayName: name,
    propertySummaries: visible
      .filter((property) => property.account.id === id)
      .map((property) => ({
        property: `properties/${property.id}`,
        displayName: property.name,
        propertyType: 'PROPERTY_TYPE_ORDINARY',
        parent: `accounts/${id}`,
      })),
  }));
  return {
    status: 200,
    body: {
      ...(page.length > 0 && { accountSummaries: page }),
      ...(end < accounts.size && { nextPageToken: String(end) }),
    },
  };
};

export const describeProperty = ({
  id,
  name,
  account,
  timeZone,
  currency,
}: AnalyticsProperty): VendorAnswer => ({
  status: 200,
  body: {
    name: `properties/${id}`,
    propertyType: 'PROPERTY_TYPE_ORDINARY',
    parent: `accounts/${account.id}`,
    account: `accounts/${account.id}`,
    displayName: name,
    industryCategory: 'SHOPPING',
    timeZone,
    currencyCode: currency,
    serviceLevel: 'GOOGLE_ANALYTICS_STANDARD',
    createTime: '2023-05-02T09:14:21.480Z',
    updateTime: '2025-11-18T16:02:55.120Z',
  },
});
