import type { Shape } from './shape.ts'

const itemsByProduct = 'order_items AS i JOIN products AS p ON p.product_id = i.product_id'

/** Questions about orders, payment and shipping. */
export const orderShapes: readonly Shape[] = [
  {
    id: 'orders-between',
    sql: "SELECT COUNT(*) FROM orders WHERE ordered_on BETWEEN '{from}' AND '{to}'",
    phrasings: [
      'How many orders came in between {from} and {to}?',
      'Number of orders from {from} to {to}',
      'Count the orders placed from {from} until {to}.',
      'How busy were we from {from} through {to}, in orders?',
      'What is the order count for the period {from} to {to}?',
      'Starting on {from} and ending on {to}, how many orders did we get?',
      'In the time from {from} up to {to}, how often did customers order?',
      'How many orders fall into the days {from} to {to}?',
    ],
  },
  {
    id: 'year-status-count',
    sql: "SELECT COUNT(*) FROM orders WHERE status = '{status}' AND strftime('%Y', ordered_on) = '{year}'",
    phrasings: [
      'How many orders from {year} are {status}?',
      'Count orders with status {status} placed in {year}.',
      'Of the orders we got in {year}, how many are marked {status}?',
      'In {year}, how many orders ended up as {status}?',
      'Number of {status} orders for {year}',
      'How often do we see {status} among the orders of {year}?',
      'Looking back at {year}: how many orders carry the status {status}?',
      'What was the count of orders listed as {status} in the year {year}?',
    ],
  },
  {
    id: 'order-status',
    sql: 'SELECT status FROM orders WHERE order_id = {order}',
    phrasings: [
      'What is the status of order {order}?',
      'Where does order {order} stand?',
      'Status of {order}?',
      'Has order {order} arrived yet, or what state is it in?',
      'A customer asks about order {order}, how far is it?',
      'What happened to order {order}?',
      'Please check on the progress of order number {order}.',
      'Order {order}: delivered or not?',
    ],
  },
  {
    id: 'order-contents',
    sql: `SELECT p.name, i.quantity FROM ${itemsByProduct} WHERE i.order_id = {order} ORDER BY p.name`,
    phrasings: [
      'Which products are in order {order}, and how many of each?',
      'What was bought in order {order}?',
      'List the items of order {order} with quantities.',
      'Contents of order {order}',
      'Show me what belongs into the parcel for order {order}.',
      'Order {order} consists of what?',
      'I am packing order {order}. What goes in and how often?',
      'Tell me the articles and amounts on order {order}.',
    ],
  },
  {
    id: 'order-total',
    sql: 'SELECT ROUND(SUM(quantity * unit_price), 2) FROM order_items WHERE order_id = {order}',
    phrasings: [
      'What is the total of order {order}?',
      'How much does order {order} come to?',
      'Total amount for order {order}',
      'What sum does the customer have to pay for order {order}?',
      'What is order {order} worth?',
      'Add up all the lines of order {order}.',
      'How big is the bill for order {order}?',
      'For order {order}, what was the amount due?',
    ],
  },
  {
    id: 'carrier-average-days',
    sql: `SELECT ROUND(AVG(julianday(shipped_on) - julianday(ordered_on)), 2) FROM orders
      WHERE carrier = '{carrier}' AND shipped_on IS NOT NULL`,
    phrasings: [
      'How many days on average pass between order and shipping with {carrier}?',
      'What is the average time to ship for {carrier}, in days?',
      'Mean days until dispatch for {carrier}',
      'How long does it usually take until an order goes out with {carrier}?',
      'With {carrier}, how many days do customers wait on average before shipping?',
      'Average delay from ordering to shipping when we use {carrier}?',
      'How fast do orders leave us via {carrier}, as a mean number of days?',
      'If we ship with {carrier}, after how many days does an order leave, on average?',
      'Tell me the mean handling time in days for {carrier}.',
    ],
  },
  {
    id: 'payment-since',
    sql: "SELECT COUNT(*) FROM orders WHERE payment_method = '{payment}' AND ordered_on >= '{date}'",
    phrasings: [
      'How many orders since {date} were paid by {payment}?',
      'Count orders paid with {payment} from {date} on.',
      'Since {date}, how often have customers used {payment} to pay?',
      'Number of {payment} payments from {date} onwards',
      'From {date} until now, how many orders went through {payment}?',
      'How popular has {payment} been since {date}, in number of orders?',
      'How many orders were settled via {payment} on {date} or later?',
      'Starting {date}, what is the number of orders using {payment}?',
    ],
  },
  {
    id: 'category-months',
    sql: `SELECT strftime('%m', o.ordered_on) AS month, SUM(i.quantity) FROM orders AS o JOIN order_items AS i ON i.order_id = o.order_id
      JOIN products AS p ON p.product_id = i.product_id JOIN categories AS c ON c.category_id = p.category_id
      WHERE c.name = '{category}' AND strftime('%Y', o.ordered_on) = '{year}' GROUP BY month ORDER BY month`,
    phrasings: [
      'How many {category} did we sell in each month of {year}?',
      'Show unit sales of {category} by month for {year}.',
      'Monthly sales of {category} in {year}, in pieces',
      'Break the {year} sales of {category} down by month.',
      'Give me the units of {category} sold per month during {year}.',
      'How did {category} sell over the months of {year}?',
      'Month by month, what quantity of {category} was ordered in {year}?',
      'For every month in {year}, I need the number of {category} sold.',
    ],
  },
]
