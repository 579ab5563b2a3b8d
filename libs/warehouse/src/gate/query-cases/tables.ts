/** What the tables and models of the specs' project hold, as SELECTs: some rows that one knows by heart, and a small company's marketing and CRM. */

const small: Record<string, string> = {
  'ga_main.traffic': `SELECT * FROM (VALUES
    (date '2024-01-01', 'organic', 10, 1.50), ('2024-01-01', 'paid', 5, 2.00), ('2024-01-02', 'organic', 20, 3.25),
    ('2024-01-03', 'paid', 7, 0.00), ('2024-02-01', 'organic', 8, 4.00)) AS t (date, channel, sessions, revenue)`,
  'ga_shop.traffic': `SELECT * FROM (VALUES
    (date '2024-01-01', 'email', 1, 0.10), ('2024-01-02', 'email', 2, 0.20)) AS t (date, channel, sessions, revenue)`,
  'Büro-1.Umsätze 2024': `SELECT * FROM (VALUES ('Köln', 3), ('Zürich', 4)) AS t ("Größe", n)`,
  daily_sessions: `SELECT * FROM (VALUES
    (date '2024-01-01', 15::bigint), ('2024-01-02', 20), ('2024-01-03', 7), ('2024-02-01', 8)) AS t (date, sessions)`,
  orders: `SELECT * FROM (VALUES
    (1, 1, 10.00, 'paid', timestamptz '2024-01-01 10:00+00', jsonb '[{"sku": "a", "qty": 2}]'),
    (2, 1, 20.00, 'paid', '2024-01-15 23:30+00', '[{"sku": "b", "qty": 1}, {"sku": "a", "qty": 1}]'),
    (3, 2, 5.50, 'refunded', '2024-02-01 00:00+00', NULL),
    (4, 3, 40.00, 'paid', '2024-02-02 08:15+00', '[]')) AS t (id, customer_id, amount, status, ordered_at, items)`,
  customers: `SELECT * FROM (VALUES
    (1, 'Ana', 'DE', ARRAY['vip', 'new']), (2, 'Bo', 'US', '{}'), (3, 'Çelik', 'DE', NULL), (4, 'Dee', 'US', ARRAY['new'])
    ) AS t (id, name, country, tags)`,
  staff: `SELECT * FROM (VALUES (1, NULL::int, 'Root'), (2, 1, 'Mid'), (3, 2, 'Leaf'), (4, 1, 'Mid too')) AS t (id, manager_id, name)`,
  big: 'SELECT n, n % 100 AS part, md5(n::text) AS code FROM generate_series(1, 200000) AS n',
};

/** Made of series by remainders, so that every value is known, nothing is random, and some things are missing. */
const company: Record<string, string> = {
  'ads.campaigns': `SELECT n AS campaign_id, (ARRAY['Spring', 'Summer Sale', 'Brand', 'Retargeting', 'Black Friday'])[n % 5 + 1] || ' ' || n AS name,
    (ARRAY['search', 'social', 'display'])[n % 3 + 1] AS channel, (500 + n * 125)::numeric(10,2) AS budget,
    date '2024-01-01' + n * 9 AS starts, CASE WHEN n % 4 > 0 THEN date '2024-01-31' + n * 11 END AS ends FROM generate_series(1, 12) AS n`,
  'ads.spend': `SELECT date '2024-01-01' + d AS day, c AS campaign_id, (d * 37 + c * 101) % 900 + 100 AS impressions, (d * 7 + c * 13) % 40 AS clicks,
    ((d * 11 + c * 17) % 300 / 4.0)::numeric(10,2) AS cost FROM generate_series(0, 89) AS d, generate_series(1, 10) AS c WHERE (d + c) % 6 > 0`,
  'crm.companies': `SELECT n AS id, (ARRAY['Acme', 'Globex', 'Initech', 'Umbrella', 'Hooli', 'Stark'])[n % 6 + 1] || ' ' || (ARRAY['GmbH', 'Inc.', 'SA'])[n % 3 + 1] AS name,
    (ARRAY['software', 'retail', 'energy', NULL])[n % 4 + 1] AS industry, (ARRAY['DE', 'US', 'FR', 'CH', 'AT'])[n % 5 + 1] AS country,
    (n * n * 3) % 400 + 1 AS employees FROM generate_series(1, 30) AS n`,
  'crm.contacts': `SELECT n AS id, lower((ARRAY['Ana', 'Ben', 'Cleo', 'Dan', 'Éva'])[n % 5 + 1]) || n || '@' || (ARRAY['example.com', 'mail.test', 'shop.example.org'])[n % 3 + 1] AS email,
    (ARRAY['Ana', 'Ben', 'Cleo', 'Dan', 'Éva'])[n % 5 + 1] AS first_name, n % 30 + 1 AS company_id,
    timestamptz '2023-11-05 08:00+00' + n * interval '31 hours 7 minutes' AS created_at, (ARRAY['lead', 'qualified', 'customer', 'churned'])[n % 4 + 1] AS lifecycle,
    jsonb_build_object('score', n * 7 % 101, 'utm', jsonb_build_object('source', (ARRAY['google', 'newsletter', 'partner'])[n % 3 + 1]), 'opt_in', n % 2 = 0) AS attributes,
    CASE n % 5 WHEN 0 THEN NULL WHEN 1 THEN '{}' ELSE (ARRAY['vip', 'trial', 'eu', 'beta'])[1:n % 4 + 1] END AS tags,
    CASE WHEN n % 3 > 0 THEN '+49 (0) 30 ' || 100000 + n * 7919 END AS phone FROM generate_series(1, 80) AS n`,
  'crm.deals': `SELECT n AS id, n % 30 + 1 AS company_id, n % 80 + 1 AS contact_id, (ARRAY['open', 'won', 'lost', 'won', 'negotiation'])[n % 5 + 1] AS stage,
    CASE WHEN n % 11 > 0 THEN (n * 997 % 20000)::numeric(12,2) END AS amount, date '2024-01-03' + n % 110 AS created_on,
    CASE WHEN n % 5 IN (1, 2, 3) THEN date '2024-01-20' + n % 110 + n % 13 END AS closed_on, (n % 10) / 10.0 AS probability, (ARRAY['Kim', 'Lee', 'Max'])[n % 3 + 1] AS owner FROM generate_series(1, 120) AS n`,
  'crm.activities': `SELECT n AS id, n % 70 + 1 AS contact_id, (ARRAY['call', 'email', 'meeting', 'note'])[n % 4 + 1] AS kind,
    timestamptz '2024-01-02 07:30+00' + n * interval '5 hours 13 minutes' AS at, CASE WHEN n % 4 IN (0, 2) THEN n % 50 + 5 END AS minutes,
    'Spoke about plan #' || n % 9 || CASE WHEN n % 7 = 0 THEN '; call back on 2024-02-' || lpad((n % 28 + 1)::text, 2, '0') ELSE '' END AS note FROM generate_series(1, 300) AS n`,
  'web.sessions': `SELECT n AS id, 'v' || n % 90 AS visitor, timestamptz '2024-01-01 00:05+00' + n * interval '3 hours 41 minutes' AS started_at,
    (ARRAY['google', 'newsletter', 'partner', 'direct'])[n % 4 + 1] AS source, (ARRAY['cpc', 'email', 'referral', NULL])[n % 4 + 1] AS medium,
    '/' || (ARRAY['', 'pricing', 'blog/how-to-' || n % 6, 'docs/api?utm_source=x&utm_campaign=c' || n % 3])[n % 4 + 1] AS landing,
    n % 8 + 1 AS pageviews, (ARRAY['mobile', 'desktop', 'desktop', 'tablet', 'mobile'])[n % 5 + 1] AS device FROM generate_series(1, 500) AS n`,
  'web.events': `SELECT n AS id, n % 500 + 1 AS session_id, timestamptz '2024-01-01 00:06+00' + (n % 500) * interval '3 hours 41 minutes' + n / 500 * interval '2 minutes 5 seconds' AS at,
    (ARRAY['view', 'click', 'view', 'add_to_cart', 'purchase'])[(n / 500 + n) % 5 + 1] AS name,
    jsonb_build_object('value', n % 60, 'items', jsonb_build_array(jsonb_build_object('sku', 'S' || n % 7, 'qty', n % 3 + 1), jsonb_build_object('sku', 'S' || n % 4, 'qty', 1))) AS props FROM generate_series(1, 1500) AS n`,
  invoices: `SELECT n AS id, n % 30 + 1 AS company_id, date '2024-01-05' + n * 2 AS issued, date '2024-02-04' + n * 2 AS due,
    CASE WHEN n % 4 > 0 THEN date '2024-01-20' + n * 2 + n % 25 END AS paid, (n * 313 % 5000 + 99.9)::numeric(12,2) AS total, (ARRAY['EUR', 'USD', 'CHF'])[n % 3 + 1] AS currency,
    jsonb_build_array(jsonb_build_object('text', 'Plan', 'net', n * 10), jsonb_build_object('text', 'Setup', 'net', n % 4 * 25)) AS lines FROM generate_series(1, 60) AS n`,
  subscriptions: `SELECT n AS id, n % 30 + 1 AS company_id, (ARRAY['basic', 'pro', 'team'])[n % 3 + 1] AS plan, date '2023-06-01' + n * 6 AS started,
    CASE WHEN n % 3 = 0 THEN date '2023-09-01' + n * 7 END AS ended, (ARRAY[19, 49, 199])[n % 3 + 1]::numeric(8,2) AS mrr FROM generate_series(1, 50) AS n`,
  targets: `SELECT (date '2024-01-01' + make_interval(months => m))::date AS month, owner, (8000 + m * 1000 + length(owner) * 10)::numeric(12,2) AS target
    FROM generate_series(0, 4) AS m, unnest(ARRAY['Kim', 'Lee', 'Max', 'Noa']) AS owner`,
  rates: `SELECT * FROM (VALUES ('EUR', date '2024-01-01', 1.0000), ('USD', '2024-01-01', 0.9050), ('USD', '2024-03-01', 0.9210), ('CHF', '2024-01-01', 1.0710)) AS t (currency, valid_from, to_eur)`,
};

export const tables: Readonly<Record<string, string>> = { ...small, ...company };
