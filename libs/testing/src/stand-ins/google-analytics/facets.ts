/** What visitors of the sandbox's sites are like: the values that dimensions can have, and how common each is. */

export interface FacetValue {
  /** In the order of the facet's dimensions. */
  values: readonly string[];
  /** Share of the sessions; the shares of a facet add up to about 1, but those of events, which overlap. */
  weight: number;
  /** Revenue and engagement of these visitors against the mean. */
  quality?: number;
  /** Events of this kind in a session that has any. */
  eventsEach?: number;
  /** Only there while a day is young; then these visits are told apart. */
  whileYoung?: boolean;
}

export interface Facet {
  dimensions: readonly string[];
  values(scale: number): readonly FacetValue[];
}

const entry = (weight: number, quality: number, ...values: string[]): FacetValue => ({
  weight,
  quality,
  values,
});

const sources: FacetValue[] = [
  entry(0.29, 1.05, 'google', 'organic'),
  entry(0.19, 1.15, '(direct)', '(none)'),
  entry(0.15, 1.3, 'google', 'cpc'),
  entry(0.08, 0.75, 'facebook', 'paid_social'),
  entry(0.06, 1.6, 'newsletter', 'email'),
  entry(0.05, 0.7, 'instagram', 'social'),
  entry(0.035, 1.7, 'klaviyo', 'email'),
  entry(0.03, 1.0, 'bing', 'organic'),
  entry(0.02, 0.6, 'tiktok', 'paid_social'),
  entry(0.018, 0.9, 'pinterest', 'social'),
  entry(0.016, 1.2, 'bing', 'cpc'),
  entry(0.014, 0.8, 'youtube.com', 'referral'),
  entry(0.012, 1.4, 'klaviyo', 'sms'),
  entry(0.01, 1.1, 'chatgpt.com', 'referral'),
  entry(0.009, 0.9, 'reddit.com', 'referral'),
  entry(0.008, 1.0, 'duckduckgo', 'organic'),
  entry(0.006, 1.3, 'outdoor-weekly.example', 'referral'),
  entry(0.005, 1.2, 'partner-network', 'affiliate'),
  entry(0.004, 0.8, 'linkedin.com', 'referral'),
  entry(0.003, 0.5, 'catalogue', 'qr'),
];

const notYetKnown: FacetValue = {
  ...entry(0.02, 1, '(data not available)', '(data not available)'),
  whileYoung: true,
};

const places: FacetValue[] = [
  entry(0.16, 1.1, 'United States', 'New York', 'New York'),
  entry(0.09, 1.0, 'United States', 'California', 'Los Angeles'),
  entry(0.06, 1.2, 'United States', 'California', 'San Francisco'),
  entry(0.06, 0.9, 'United States', 'Illinois', 'Chicago'),
  entry(0.05, 1.1, 'United States', 'Massachusetts', 'Boston'),
  entry(0.05, 1.0, 'United States', 'Washington', 'Seattle'),
  entry(0.04, 0.9, 'United States', 'Texas', 'Austin'),
  entry(0.03, 1.0, 'United States', 'Oregon', 'Portland'),
  entry(0.03, 1.0, 'United States', 'Maine', 'Portland'),
  entry(0.03, 0.8, 'United States', 'Colorado', '(not set)'),
  entry(0.07, 1.1, 'Germany', 'Berlin', 'Berlin'),
  entry(0.04, 1.2, 'Germany', 'Bavaria', 'Munich'),
  entry(0.03, 1.0, 'Germany', 'Hamburg', 'Hamburg'),
  entry(0.05, 1.0, 'United Kingdom', 'England', 'London'),
  entry(0.02, 0.9, 'United Kingdom', 'Scotland', 'Edinburgh'),
  entry(0.04, 0.9, 'Canada', 'Ontario', 'Toronto'),
  entry(0.02, 0.9, 'Canada', 'Quebec', 'Montréal'),
  entry(0.03, 0.8, 'France', 'Île-de-France', 'Paris'),
  entry(0.02, 0.8, 'Netherlands', 'North Holland', 'Amsterdam'),
  entry(0.02, 1.1, 'Switzerland', 'Zurich', 'Zürich'),
  entry(0.01, 0.7, 'Spain', 'Community of Madrid', 'Madrid'),
  entry(0.02, 0.5, 'India', 'Maharashtra', 'Mumbai'),
  entry(0.01, 0.8, 'Australia', 'New South Wales', 'Sydney'),
  entry(0.01, 0.5, 'Brazil', 'State of São Paulo', 'São Paulo'),
  entry(0.01, 0.9, 'Japan', 'Tokyo', 'Tokyo'),
];

const machines: FacetValue[] = [
  entry(0.31, 0.85, 'mobile', 'iOS', 'Safari'),
  entry(0.21, 0.75, 'mobile', 'Android', 'Chrome'),
  entry(0.04, 0.7, 'mobile', 'iOS', 'Safari (in-app)'),
  entry(0.03, 0.7, 'mobile', 'Android', 'Samsung Internet'),
  entry(0.03, 0.6, 'mobile', 'Android', 'Android Webview'),
  entry(0.16, 1.4, 'desktop', 'Windows', 'Chrome'),
  entry(0.06, 1.3, 'desktop', 'Windows', 'Edge'),
  entry(0.02, 1.2, 'desktop', 'Windows', 'Firefox'),
  entry(0.06, 1.5, 'desktop', 'Macintosh', 'Safari'),
  entry(0.05, 1.5, 'desktop', 'Macintosh', 'Chrome'),
  entry(0.01, 1.0, 'desktop', 'Linux', 'Firefox'),
  entry(0.015, 1.1, 'tablet', 'iOS', 'Safari'),
  entry(0.005, 0.9, 'tablet', 'Android', 'Chrome'),
];

const paths = [
  '/',
  '/collections/new-arrivals',
  '/collections/jackets',
  '/products/harbor-rain-jacket',
  '/collections/sale',
  '/products/pine-fleece',
  '/cart',
  '/products/merino-base-layer',
  '/collections/backpacks',
  '/checkout',
  '/products/driftwood-daypack',
  '/journal/how-to-layer',
  '/collections/boots',
  '/products/trail-boot-mid',
  '/checkout/thank-you',
  '/search',
  '/account',
  '/products/wool-beanie',
  '/journal/care-for-wool',
  '/about',
  '/stores',
  '/products/camp-mug',
  '/gift-cards',
  '/products/dry-bag-20l',
  '/journal/winter-on-the-coast',
  '/help/shipping',
  '/help/returns',
  '/products/headlamp',
  '/sustainability',
  '/careers',
];

const pageAt = (rank: number): FacetValue => ({
  values: [paths[rank] ?? `/products/item-${String(rank - paths.length + 1).padStart(5, '0')}`],
  weight: 0.3 / (rank + 1),
  quality: 0.8 + (rank % 5) * 0.1,
});

const pagesByScale = new Map<number, FacetValue[]>();
const pages = (scale: number): FacetValue[] => {
  const known = pagesByScale.get(scale);
  if (known) return known;
  const made = Array.from({ length: Math.round(60 * scale) }, (_, rank) => pageAt(rank));
  pagesByScale.set(scale, made);
  return made;
};

const event = (weight: number, eventsEach: number, name: string): FacetValue => ({
  weight,
  eventsEach,
  values: [name],
});

const events: FacetValue[] = [
  event(1, 3.4, 'page_view'),
  event(1, 1, 'session_start'),
  event(0.62, 1, 'first_visit'),
  event(0.7, 1.9, 'user_engagement'),
  event(0.48, 1.6, 'scroll'),
  event(0.36, 2.2, 'view_item'),
  event(0.17, 1.3, 'click'),
  event(0.12, 1.5, 'view_search_results'),
  event(0.09, 1.4, 'add_to_cart'),
  event(0.05, 1.1, 'begin_checkout'),
  event(0.026, 1, 'purchase'),
  event(0.02, 1, 'sign_up'),
  event(0.03, 1.2, 'video_start'),
  event(0.008, 1, 'file_download'),
];

/** Demographics may be withheld, so that requests for them count towards a quota of their own. */
const people: FacetValue[] = ['18-24', '25-34', '35-44', '45-54', '55-64', '65+', 'unknown'].flatMap(
  (age, place) => ['female', 'male', 'unknown'].map((gender) => entry(0.16 - place * 0.02, 1, gender, age)),
);

const items = pages(1)
  .filter(({ values: [path = ''] }) => path.startsWith('/products/'))
  .map(({ values: [path = ''], weight }) => entry(weight, 1, path.slice('/products/'.length)));

export const facets = {
  sessionSource: { dimensions: ['sessionSource', 'sessionMedium'], values: () => [...sources, notYetKnown] },
  firstUserSource: { dimensions: ['firstUserSource', 'firstUserMedium'], values: () => sources },
  page: { dimensions: ['pagePath'], values: pages },
  event: { dimensions: ['eventName'], values: () => events },
  device: { dimensions: ['deviceCategory', 'operatingSystem', 'browser'], values: () => machines },
  place: { dimensions: ['country', 'region', 'city'], values: () => places },
  person: { dimensions: ['userGender', 'userAgeBracket'], values: () => people },
  item: { dimensions: ['itemName'], values: () => items },
} as const satisfies Record<string, Facet>;

export type FacetName = keyof typeof facets;

/** The event of telemetry properties whose count is beyond what a double holds exactly. */
export const countlessEvent: FacetValue = event(0.9, 6, 'sensor_reading');
/** Odd, so that no double beyond it is equal. */
export const countlessMany = 9_007_199_254_740_993n;

export const facetOf = (dimension: string): FacetName | null => {
  const found = Object.entries(facets).find(([, facet]) =>
    (facet.dimensions as readonly string[]).includes(dimension),
  );
  return (found?.[0] as FacetName | undefined) ?? null;
};
