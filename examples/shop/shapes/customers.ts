import type { Shape } from './shape.ts'

const customersByCity = 'customers AS k JOIN cities AS t ON t.city_id = k.city_id'
const ordersByCustomer = 'orders AS o JOIN customers AS k ON k.customer_id = o.customer_id'

/** Questions about who buys. */
export const customerShapes: readonly Shape[] = [
  {
    id: 'customer-email',
    sql: "SELECT email FROM customers WHERE name = '{customer}'",
    phrasings: [
      'What is the email address of {customer}?',
      'How can I reach {customer} by email?',
      'Email of {customer}',
      'Give me the e-mail address we have for {customer}.',
      'I have to write to {customer}, which address do I use?',
      'Under which email is {customer} registered?',
      'Look up the mail address of our customer {customer}.',
      'Where do I send a mail for {customer}?',
    ],
  },
  {
    id: 'city-customer-count',
    sql: `SELECT COUNT(*) FROM ${customersByCity} WHERE t.name = '{city}'`,
    phrasings: [
      'How many customers live in {city}?',
      'What is the number of customers from {city}?',
      'Count our customers in {city}.',
      'How many people in {city} shop with us?',
      'Customers in {city}: how many?',
      'How large is our customer base in {city}?',
      'Do we have many customers in {city}? Tell me the number.',
      '{city} is home to how many of our customers?',
    ],
  },
  {
    id: 'city-joined-after',
    sql: `SELECT k.name, k.joined_on FROM ${customersByCity} WHERE t.name = '{city}' AND k.joined_on > '{date}' ORDER BY k.joined_on, k.name`,
    phrasings: [
      'Which customers from {city} joined after {date}, and when?',
      'List customers in {city} who signed up later than {date}, with the date.',
      'Who became a customer in {city} after {date}?',
      'Show new customers in {city} since {date}, oldest first',
      'After {date}, who registered with us in {city}?',
      'Which people living in {city} have been with us only since some day after {date}?',
      'Names and sign-up dates for {city}, but only past {date}.',
      'Whom did we win as a customer in {city} once {date} was over?',
    ],
  },
  {
    id: 'customer-order-count',
    sql: `SELECT COUNT(*) FROM ${ordersByCustomer} WHERE k.name = '{customer}'`,
    phrasings: [
      'How many orders has {customer} placed?',
      'How often did {customer} order from us?',
      'Number of orders by {customer}',
      'What is the order count of {customer}?',
      'Count everything {customer} ordered, one per order.',
      'Is {customer} a regular? How many orders do we have?',
      'How many times has {customer} bought something here?',
      'Tell me the number of purchases made by {customer}.',
    ],
  },
  {
    id: 'customer-total-spent',
    sql: `SELECT ROUND(SUM(i.quantity * i.unit_price), 2) FROM ${ordersByCustomer} JOIN order_items AS i ON i.order_id = o.order_id
      WHERE k.name = '{customer}'`,
    phrasings: [
      'How much has {customer} spent with us?',
      'What is the total amount spent by {customer}?',
      'Total spending of {customer}',
      'How much money did {customer} leave in our shop altogether?',
      'Sum of all purchases of {customer}, in euros?',
      'What are the orders of {customer} worth in total?',
      'How much revenue do we owe to {customer}?',
      'Add up what {customer} paid for everything so far.',
    ],
  },
  {
    id: 'customer-last-order',
    sql: `SELECT MAX(o.ordered_on) FROM ${ordersByCustomer} WHERE k.name = '{customer}'`,
    phrasings: [
      'When did {customer} last order something?',
      'What is the date of the latest order by {customer}?',
      'Last order date of {customer}',
      'On which day did we receive the most recent order from {customer}?',
      'When was the last time {customer} bought from us?',
      'Since when have we not heard from {customer}, going by the last order?',
      'How recent is the newest order of {customer}? Give the date.',
      '{customer} ordered most recently on what day?',
    ],
  },
  {
    id: 'product-buyers',
    sql: `SELECT DISTINCT k.name FROM customers AS k JOIN orders AS o ON o.customer_id = k.customer_id
      JOIN order_items AS i ON i.order_id = o.order_id JOIN products AS p ON p.product_id = i.product_id
      JOIN cities AS t ON t.city_id = k.city_id WHERE p.name = '{product}' AND t.country = '{country}' ORDER BY k.name`,
    phrasings: [
      'Which customers from {country} bought the {product}?',
      'Who in {country} has ordered the {product}?',
      'Names of buyers of the {product} living in {country}',
      'We recall the {product}: list everyone in {country} who has one.',
      'Did anybody in {country} buy the {product}? Who?',
      'To whom in {country} did we sell the {product}?',
      'Show each {country} customer once who purchased the {product}.',
      'The {product} was bought by which people in {country}?',
    ],
  },
  {
    id: 'city-top-points',
    sql: `SELECT k.name, k.loyalty_points FROM ${customersByCity} WHERE t.name = '{city}' ORDER BY k.loyalty_points DESC, k.name LIMIT {top}`,
    phrasings: [
      'Who are the {top} customers with the most loyalty points in {city}?',
      'Show the top {top} in {city} by loyalty points, with their points.',
      'Which {top} customers from {city} have collected the most points?',
      '{top} most loyal customers in {city}, measured in points',
      'In {city}, who leads on loyalty points? The first {top} will do.',
      'Rank customers of {city} by points and give me {top} of them.',
      'We invite {top} people from {city} with the highest loyalty balance. Who are they?',
      'Name the {top} best point collectors living in {city}.',
    ],
  },
  {
    id: 'country-never-ordered',
    sql: `SELECT k.name FROM ${customersByCity} WHERE t.country = '{country}'
      AND NOT EXISTS (SELECT 1 FROM orders AS o WHERE o.customer_id = k.customer_id) ORDER BY k.name`,
    phrasings: [
      'Which customers in {country} have never placed an order?',
      'List everyone from {country} who is registered but has not ordered yet.',
      'Who in {country} never bought anything?',
      'Customers from {country} without orders',
      'Show me sleeping accounts in {country}, that is people with no order.',
      'Are there customers in {country} who did not order even once? Who?',
      'Name those in {country} from whom we have yet to receive a first order.',
      'Which of our {country} customers have zero orders?',
      'Whom in {country} could we still win for a first purchase?',
    ],
  },
  {
    id: 'country-cities-having',
    sql: `SELECT t.name, COUNT(*) FROM ${customersByCity} WHERE t.country = '{country}' GROUP BY t.city_id HAVING COUNT(*) >= {least}
      ORDER BY COUNT(*) DESC, t.name`,
    phrasings: [
      'Which cities in {country} have at least {least} customers, and how many?',
      'Show the cities of {country} with {least} or more customers.',
      'In {country}, where do we count {least} customers or more per city?',
      'Customers per city in {country}, only cities with no fewer than {least}',
      'List {country} cities by number of customers, leaving out those below {least}.',
      'For {country}, break customers down by city and keep what reaches {least}.',
      'Where in {country} do {least} or more of our customers live in one city?',
      'Which places in {country} bring it to {least} customers, with the counts?',
    ],
  },
]
