/** One thing that people ask the shop: a query with slots, and the ways to ask for it. */
export type Shape = {
  /** A name for tests and reports. */
  readonly id: string
  /** SQLite with slots such as `{category}`, filled with a value; text slots stand between quotes. */
  readonly sql: string
  /** Ways to ask, each naming every slot of the query. */
  readonly phrasings: readonly string[]
}

/** Where the value of each slot comes from: a query over the shop whose one column lists the candidates. */
export const slotSources: Readonly<Record<string, string>> = {
  category: 'SELECT name FROM categories',
  product: 'SELECT name FROM products',
  supplier: 'SELECT name FROM suppliers',
  customer: 'SELECT name FROM customers',
  employee: 'SELECT name FROM employees',
  job: 'SELECT DISTINCT job_title FROM employees',
  store: 'SELECT name FROM stores',
  city: 'SELECT name FROM cities',
  country: 'SELECT DISTINCT country FROM cities',
  order: 'SELECT order_id FROM orders',
  status: 'SELECT DISTINCT status FROM orders',
  payment: 'SELECT DISTINCT payment_method FROM orders',
  carrier: 'SELECT DISTINCT carrier FROM orders',
  year: "SELECT DISTINCT strftime('%Y', ordered_on) FROM orders",
  date: 'SELECT DISTINCT ordered_on FROM orders',
  from: 'SELECT DISTINCT ordered_on FROM orders',
  to: 'SELECT DISTINCT ordered_on FROM orders',
  hireYear: "SELECT DISTINCT strftime('%Y', hired_on) FROM employees",
  amount: 'VALUES (20), (30), (40), (50), (60), (75), (80), (100), (120), (150), (200), (250)',
  units: 'VALUES (10), (12), (15), (20), (25), (30), (35), (40)',
  top: 'VALUES (2), (3), (4), (5), (6), (7), (8)',
  stars: 'VALUES (1), (2), (3), (4), (5)',
  days: 'VALUES (7), (10), (12), (14), (15), (20), (21), (25)',
  least: 'VALUES (4), (5), (6), (7), (8), (9), (10)',
}
