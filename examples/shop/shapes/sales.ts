import type { Shape } from './shape.ts'

const productsByCategory = 'products AS p JOIN categories AS c ON c.category_id = p.category_id'
const itemsByProduct = 'order_items AS i JOIN products AS p ON p.product_id = i.product_id'
const reviewsByProduct = 'reviews AS r JOIN products AS p ON p.product_id = r.product_id'
const productsBySupplier = 'products AS p JOIN suppliers AS s ON s.supplier_id = p.supplier_id'

/** Questions about how products sell and what buyers say of them. */
export const salesShapes: readonly Shape[] = [
  {
    id: 'category-above-average',
    sql: `SELECT p.name FROM ${productsByCategory} WHERE c.name = '{category}' AND p.price > (SELECT AVG(price) FROM products)
      ORDER BY p.name`,
    phrasings: [
      'Which {category} cost more than the average product?',
      'List the products in {category} priced above the average of all products.',
      'Show {category} that are more expensive than our products on average',
      'Compared to the mean price of the whole shop, which {category} are dearer?',
      'Which products in {category} have an above-average price?',
      'Of the {category}, which ones lie over the average price in our shop?',
      'What {category} do we sell that cost more than what a product costs on average?',
      'Name all {category} whose price is higher than the overall average.',
      'Taking the average price of everything as the yardstick, what in {category} is above it?',
    ],
  },
  {
    id: 'category-never-ordered',
    sql: `SELECT p.name FROM ${productsByCategory} WHERE c.name = '{category}'
      AND NOT EXISTS (SELECT 1 FROM order_items AS i WHERE i.product_id = p.product_id) ORDER BY p.name`,
    phrasings: [
      'Which {category} have never been ordered?',
      'List products in {category} that nobody has ever bought.',
      'Are there {category} without a single order? Which?',
      'What in {category} did not sell even once?',
      'Show me the shelf warmers among {category}, the ones never ordered by anyone.',
      'Which products from {category} appear in no order at all?',
      'Find {category} that have had no buyer so far.',
      'Unsold {category}, by name',
      'Which of the {category} has no customer ordered to date?',
    ],
  },
  {
    id: 'category-best-sellers',
    sql: `SELECT p.name, SUM(i.quantity) AS sold FROM ${itemsByProduct} JOIN categories AS c ON c.category_id = p.category_id
      WHERE c.name = '{category}' GROUP BY p.product_id ORDER BY sold DESC, p.name LIMIT {top}`,
    phrasings: [
      'What are the top {top} best-selling products in {category}, with units sold?',
      'Which {top} {category} sell best, and how often did they sell?',
      'Show me the {top} most popular {category} by quantity sold.',
      'List the {top} best sellers among {category} and their sales in units',
      'In {category}, which {top} products have the highest sales in pieces?',
      'Give me a ranking of the {top} {category} that go over the counter most often.',
      'Best {top} of {category} by number of units sold?',
      'Customers buy which {top} {category} the most? Include the quantities.',
    ],
  },
  {
    id: 'category-stock-value',
    sql: `SELECT ROUND(SUM(p.price * p.stock), 2) FROM ${productsByCategory} WHERE c.name = '{category}'`,
    phrasings: [
      'What is the total value of the stock in {category}?',
      'How much are all the {category} in our warehouse worth?',
      'Stock value of {category}',
      'Add up price times stock over {category}.',
      'What would we earn if we sold all {category} we have in stock?',
      'How much money is tied up in {category} at sales prices?',
      'If every one of the {category} on hand went at list price, what would the sum be?',
      'Value our inventory of {category} at current prices.',
      'What is the worth of the {category} lying in stock?',
    ],
  },
  {
    id: 'product-average-rating',
    sql: `SELECT ROUND(AVG(r.rating), 2) FROM ${reviewsByProduct} WHERE p.name = '{product}'`,
    phrasings: [
      'What is the average rating of the {product}?',
      'How is the {product} rated on average?',
      'Average stars for {product}',
      'How well do customers rate the {product}, as a mean?',
      'What mean score did reviewers give the {product}?',
      'Over all its reviews, which rating does the {product} get?',
      'Do buyers like the {product}? Give me the average of the stars.',
      'How many stars does the {product} have on average?',
    ],
  },
  {
    id: 'product-star-count',
    sql: `SELECT COUNT(*) FROM ${reviewsByProduct} WHERE p.name = '{product}' AND r.rating = {stars}`,
    phrasings: [
      'How many reviews with {stars} stars did the {product} get?',
      'How often was the {product} rated with {stars}?',
      'Number of {stars} star reviews for {product}',
      'How many people gave the {product} a {stars}?',
      'Count the ratings of {stars} for the {product}.',
      'How many times has the {product} received {stars} out of 5?',
      'For the {product}, tell me the number of reviewers who chose {stars} stars.',
      'The {product} has how many reviews of exactly {stars}?',
    ],
  },
  {
    id: 'category-best-rated',
    sql: `SELECT p.name FROM ${reviewsByProduct} JOIN categories AS c ON c.category_id = p.category_id WHERE c.name = '{category}'
      GROUP BY p.product_id HAVING COUNT(*) >= {top} ORDER BY AVG(r.rating) DESC, p.name LIMIT 1`,
    phrasings: [
      'Which of the {category} with at least {top} reviews has the best average rating?',
      'What is the best rated product in {category} among those with {top} or more reviews?',
      'Best rated of {category}, minimum {top} reviews',
      'Taking only {category} reviewed {top} times or more, which one do customers like best?',
      'Name the product in {category} with the highest mean rating and no fewer than {top} reviews.',
      'Which product leads the ratings in {category} if we ask for at least {top} opinions?',
      'Customers are happiest with which of the {category}? Only count those having {top} reviews or more.',
      'Who wins in {category} by average stars when {top} reviews are the minimum?',
    ],
  },
  {
    id: 'product-units-sold',
    sql: `SELECT SUM(i.quantity) FROM ${itemsByProduct} WHERE p.name = '{product}'`,
    phrasings: [
      'How many units of the {product} have we sold?',
      'How often was the {product} sold, in pieces?',
      'Total quantity sold of {product}',
      'What number of {product} have customers ordered altogether?',
      'Sales of the {product} in units, all time?',
      'How many {product} went out of the door so far?',
      'Sum up the ordered quantities for the {product}.',
      'Since we started, how many {product} were bought?',
    ],
  },
  {
    id: 'category-unreviewed-count',
    sql: `SELECT COUNT(*) FROM products WHERE product_id NOT IN (SELECT product_id FROM reviews)
      AND category_id = (SELECT category_id FROM categories WHERE name = '{category}')`,
    phrasings: [
      'How many {category} have no reviews?',
      'Count the products in {category} that nobody has reviewed.',
      'Number of {category} without any review',
      'For how many {category} did no customer write a review?',
      'How many products in {category} are still waiting for their first review?',
      'In {category}, how many products lack reviews altogether?',
      'How many of our {category} were never rated?',
      'What is the number of unreviewed {category}?',
      'How many {category} are there that not one buyer has commented on?',
    ],
  },
  {
    id: 'supplier-price-list',
    sql: `SELECT p.name, p.price FROM ${productsBySupplier} WHERE s.name = '{supplier}' ORDER BY p.price DESC, p.name`,
    phrasings: [
      'Which products do we get from {supplier}, and at what prices do we sell them?',
      'List everything supplied by {supplier} with prices, dearest first.',
      'Show the products of {supplier} and their prices',
      'What does {supplier} deliver to us? Names and prices, from high to low.',
      '{supplier} products, sorted by price?',
      'I have {supplier} on the phone: what of theirs do we carry and for how much?',
      'Print a price list of all goods made available by {supplier}.',
      'Which items in our range are from {supplier}? Add the price.',
    ],
  },
]
