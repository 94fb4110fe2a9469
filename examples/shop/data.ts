import { type Random, seededRandom, shuffled } from '../../src/decide/random.ts'
import {
  carriers, categories, citiesByCountry, finalStatuses, firstNames, headlines, jobs, lastNames, models, openStatuses, paymentMethods,
  storeNames, suppliersByCountry,
} from './words.ts'

/** A row to insert: its values by column, in the order of the table's columns. */
export type Row = Readonly<Record<string, string | number | null>>

const customerCount = 320
const employeesPerStore = 6
const orderCount = 1500
const reviewCount = 950
const firstOrderId = 10_001
const firstDay = '2022-01-03'
const lastDay = '2025-06-30'
const firstOpenDay = '2025-05-20'
const dayLength = 86_400_000

const integer = (random: Random, low: number, high: number): number => low + Math.floor(random() * (high - low + 1))

// The casts of the next three functions say that a list of the shop is never empty and the index lies within it.
const pick = <Item>(random: Random, items: readonly Item[]): Item => items[integer(random, 0, items.length - 1)] as Item

/** Squares the position, so that the first items are drawn more often: some customers and products are popular, as in any shop. */
const pickEarly = <Item>(random: Random, items: readonly Item[]): Item => items[Math.floor(random() ** 2 * items.length)] as Item

const weighted = <Item>(random: Random, items: readonly (readonly [Item, number])[]): Item => {
  let left = random() * items.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [item, weight] of items) {
    left -= weight
    if (left < 0) return item
  }
  return (items.at(-1) as readonly [Item, number])[0]
}

const addDays = (day: string, days: number): string => new Date(Date.parse(day) + days * dayLength).toISOString().slice(0, 10)

const dayBetween = (random: Random, from: string, to: string): string =>
  addDays(from, integer(random, 0, (Date.parse(to) - Date.parse(from)) / dayLength))

const places = (random: Random) => {
  const cities = Object.entries(citiesByCountry).flatMap(([country, names]) => names.map(name => ({ name, country })))
    .map((city, index) => ({ city_id: index + 1, ...city }))
  const stores = shuffled(cities, random).slice(0, storeNames.length).map(({ city_id }, index) =>
    ({ store_id: index + 1, name: storeNames[index] ?? '', city_id, opened_on: dayBetween(random, '2001-03-01', '2011-09-30') }))
  return { cities, stores }
}

const staffOf = (random: Random, names: readonly string[]) => {
  const [manager, ...otherJobs] = jobs
  return names.map((name, index) => {
    const place = index % employeesPerStore
    const [job_title, salary] = place === 0 ? manager : pick(random, otherJobs)
    return {
      employee_id: index + 1,
      name,
      job_title,
      store_id: (index - place) / employeesPerStore + 1,
      manager_id: place === 0 ? null : index - place + 1,
      // Managers came first, so that every day of business has somebody to take an order.
      hired_on: place === 0 ? dayBetween(random, '2012-01-02', firstDay) : dayBetween(random, '2014-01-02', '2024-12-02'),
      salary: Math.round(salary * (0.85 + random() * 0.35) / 100) * 100,
    }
  })
}

const people = (random: Random, storeCount: number, cityCount: number) => {
  const names = shuffled(firstNames.flatMap(first => lastNames.map(last => `${first} ${last}`)), random)
  const staffCount = storeCount * employeesPerStore
  const employees = staffOf(random, names.slice(0, staffCount))
  const customers = names.slice(staffCount, staffCount + customerCount).map((name, index) => ({
    customer_id: index + 1,
    name,
    email: `${name.replace(' ', '.').toLowerCase()}@example.com`,
    city_id: integer(random, 1, cityCount),
    joined_on: dayBetween(random, '2018-01-02', '2025-05-31'),
    loyalty_points: integer(random, 0, 260) * 5,
  }))
  return { employees, customers }
}

const goods = (random: Random) => {
  const suppliers = Object.entries(suppliersByCountry).flatMap(([country, names]) => names.map(name => ({ name, country })))
    .map((supplier, index) => ({ supplier_id: index + 1, ...supplier, lead_days: integer(random, 2, 28) }))
  const products = categories.flatMap(({ kinds }, index) => {
    const range = Object.entries(kinds).flatMap(([kind, price]) => models.map(model => ({ name: `${model} ${kind}`, price })))
    return shuffled(range, random).slice(0, integer(random, 8, 15)).map(({ name, price }) => ({
      name,
      category_id: index + 1,
      supplier_id: integer(random, 1, suppliers.length),
      // Price tags end in .95.
      price: Math.floor(price * (0.6 + random() * 0.9)) + 0.95,
      stock: integer(random, 0, 95),
    }))
  }).map((product, index) => ({ product_id: index + 1, ...product }))
  return { suppliers, categories: categories.map(({ name }, index) => ({ category_id: index + 1, name })), products }
}

type People = ReturnType<typeof people>
type Product = ReturnType<typeof goods>['products'][number]

const trade = (random: Random, { customers, employees }: People, products: readonly Product[]) => {
  // Who and what is left out here never ordered, was never ordered or never reviewed: the questions with "not" need some of each.
  const buyers = shuffled(customers, random).slice(0, Math.floor(customers.length * 0.8))
  const sold = shuffled(products, random).slice(0, Math.floor(products.length * 0.86))
  const reviewed = new Set(shuffled(sold, random).slice(0, Math.floor(sold.length * 0.88)))
  const orderOn = (day: string, index: number) => {
    const status = day >= firstOpenDay && random() < 0.7 ? weighted(random, openStatuses) : weighted(random, finalStatuses)
    return {
      order_id: firstOrderId + index,
      customer_id: pickEarly(random, buyers.filter(({ joined_on }) => joined_on <= day)).customer_id,
      employee_id: pick(random, employees.filter(({ hired_on }) => hired_on <= day)).employee_id,
      ordered_on: day,
      shipped_on: status === 'cancelled' || status === 'on hold' ? null : addDays(day, integer(random, 1, 9)),
      status,
      payment_method: pick(random, paymentMethods),
      carrier: pick(random, carriers),
    }
  }
  const days = Array.from({ length: orderCount }, () => dayBetween(random, firstDay, lastDay)).sort()
  const orders = days.map(orderOn)
  const lines = orders.flatMap(order => {
    const basket = new Set(Array.from({ length: integer(random, 1, 4) }, () => pickEarly(random, sold)))
    return [...basket].map(product => ({ order, product }))
  })
  const items = lines.map(({ order: { order_id }, product: { product_id, price } }) => ({
    order_id,
    product_id,
    quantity: weighted(random, [[1, 6], [2, 3], [3, 1], [4, 0.5]]),
    unit_price: Math.round(price * (random() < 0.25 ? 90 : 100)) / 100,
  }))
  const impressions = lines.filter(({ order, product }) => order.status === 'delivered' && reviewed.has(product))
  const reviews = shuffled(impressions, random).slice(0, reviewCount).map(({ order, product }, index) => {
    const rating = weighted(random, [[5, 4], [4, 3.5], [3, 1.6], [2, 0.9], [1, 0.7]] as const)
    return {
      review_id: index + 1,
      product_id: product.product_id,
      customer_id: order.customer_id,
      rating,
      headline: pick(random, headlines[rating]),
      written_on: addDays(order.ordered_on, integer(random, 12, 60)),
    }
  })
  return { orders, order_items: items, reviews }
}

/**
 * Every row of the shop, table by table, in an order that satisfies the foreign keys.
 *
 * @param seed any integer; the same seed gives the same rows
 */
export const shopRows = (seed: number): Readonly<Record<string, readonly Row[]>> => {
  const random = seededRandom(seed)
  const { cities, stores } = places(random)
  const { employees, customers } = people(random, stores.length, cities.length)
  const { suppliers, categories, products } = goods(random)
  return { cities, stores, employees, suppliers, categories, products, customers, ...trade(random, { customers, employees }, products) }
}
