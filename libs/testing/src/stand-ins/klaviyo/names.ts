/** Words of the sandbox account, so that its dashboards read like a shop's. */

/** Name, integration, its category. */
export const metricNames = [
  ['Placed Order', 'Shopify', 'eCommerce'],
  ['Started Checkout', 'Shopify', 'eCommerce'],
  ['Added to Cart', 'API', 'API'],
  ['Viewed Product', 'API', 'API'],
  ['Received Email', 'Klaviyo', 'Internal'],
  ['Opened Email', 'Klaviyo', 'Internal'],
  ['Clicked Email', 'Klaviyo', 'Internal'],
  ['Received SMS', 'Klaviyo', 'Internal'],
  ['Subscribed to List', 'Klaviyo', 'Internal'],
  ['Unsubscribed from List', 'Klaviyo', 'Internal'],
  ['Bounced Email', 'Klaviyo', 'Internal'],
] as const;

export type MetricName = (typeof metricNames)[number][0];

export const listNames = [
  'Newsletter', 'SMS subscribers', 'VIP customers', 'Welcome discount', 'Back in stock', 'Wholesale',
  'Holiday gift guide', 'Lapsed 90 days', 'Loyalty members', 'Event guests', 'Referral friends', 'Survey answered',
] as const; // prettier-ignore

/** Name, trigger, status. */
export const flowNames = [
  ['Welcome series', 'Added to List', 'live'],
  ['Abandoned cart', 'Metric', 'live'],
  ['Abandoned checkout', 'Metric', 'live'],
  ['Browse abandonment', 'Metric', 'live'],
  ['Thank you after purchase', 'Metric', 'live'],
  ['Review request', 'Metric', 'live'],
  ['Win back', 'Metric', 'manual'],
  ['Birthday', 'Date Based', 'live'],
  ['Back in stock', 'Low Inventory', 'live'],
  ['Price drop', 'Price Drop', 'draft'],
  ['VIP early access', 'Added to List', 'draft'],
  ['Sunset unengaged', 'Added to List', 'manual'],
] as const;

export const formNames = [
  'Welcome pop-up', 'Footer sign-up', 'Exit offer', 'Text message opt-in', 'Gift guide download',
  'Back in stock notice', 'Wholesale enquiry', 'Store visit survey', 'Loyalty sign-up',
] as const; // prettier-ignore

export const templateNames = [
  'Newsletter', 'Product launch', 'Sale banner', 'Welcome note', 'Cart reminder', 'Order thanks', 'Review request', 'Win back',
] as const; // prettier-ignore

/** Campaign name, subject. */
export const subjects: readonly [readonly [string, string], ...(readonly [string, string])[]] = [
  ['Weekend market', 'What is ripe this weekend'],
  ['New arrivals', 'Fresh in: the oak collection'],
  ['Members’ evening', 'Your evening, your price'],
  ['Recipe letter', 'Three dinners in twenty minutes'],
  ['Last call', 'Ends tonight: 15% off everything'],
  ['Maker’s story', 'Who carves your spoons'],
  ['Season guide', 'The season, well prepared'],
  ['Restock note', 'They are back on the shelf'],
];

export const people: {
  first: readonly [string, ...string[]];
  last: readonly [string, ...string[]];
} = {
  first: [
    'Ada',
    'Ben',
    'Carla',
    'Dev',
    'Elena',
    'Farid',
    'Grace',
    'Hugo',
    'Ines',
    'Jonas',
    'Kira',
    'Luis',
    'Mina',
    'Noah',
  ],
  last: [
    'Abbott',
    'Brandt',
    'Costa',
    'Diaz',
    'Endo',
    'Fischer',
    'Garcia',
    'Hale',
    'Ito',
    'Jensen',
    'Khan',
    'Lopez',
  ],
};

/** City, region, zip. */
export const places: readonly [readonly [string, string, string], ...(readonly [string, string, string])[]] =
  [
    ['Boston', 'Massachusetts', '02108'],
    ['New York', 'New York', '10001'],
    ['Portland', 'Maine', '04101'],
    ['Chicago', 'Illinois', '60601'],
    ['Austin', 'Texas', '73301'],
    ['Denver', 'Colorado', '80202'],
    ['Seattle', 'Washington', '98101'],
  ];

export const products: readonly [readonly [string, number], ...(readonly [string, number])[]] = [
  ['Oak serving board', 64.5],
  ['Linen apron', 48],
  ['Carved spoon set', 29.9],
  ['Stoneware bowl', 36.25],
  ['Beeswax candle', 18.75],
  ['Walnut tray', 82],
];
