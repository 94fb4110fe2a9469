/** The tables of the shop, as one script of statements. */
export const schema = `
CREATE TABLE cities (
  city_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  country TEXT NOT NULL
);
CREATE TABLE stores (
  store_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  city_id INTEGER NOT NULL REFERENCES cities (city_id),
  opened_on TEXT NOT NULL
);
CREATE TABLE employees (
  employee_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  job_title TEXT NOT NULL,
  store_id INTEGER NOT NULL REFERENCES stores (store_id),
  manager_id INTEGER REFERENCES employees (employee_id),
  hired_on TEXT NOT NULL,
  salary INTEGER NOT NULL
);
CREATE TABLE suppliers (
  supplier_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  country TEXT NOT NULL,
  lead_days INTEGER NOT NULL
);
CREATE TABLE categories (
  category_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);
CREATE TABLE products (
  product_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  category_id INTEGER NOT NULL REFERENCES categories (category_id),
  supplier_id INTEGER NOT NULL REFERENCES suppliers (supplier_id),
  price REAL NOT NULL,
  stock INTEGER NOT NULL
);
CREATE TABLE customers (
  customer_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL UNIQUE,
  city_id INTEGER NOT NULL REFERENCES cities (city_id),
  joined_on TEXT NOT NULL,
  loyalty_points INTEGER NOT NULL
);
CREATE TABLE orders (
  order_id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (customer_id),
  employee_id INTEGER NOT NULL REFERENCES employees (employee_id),
  ordered_on TEXT NOT NULL,
  shipped_on TEXT,
  status TEXT NOT NULL,
  payment_method TEXT NOT NULL,
  carrier TEXT NOT NULL
);
CREATE TABLE order_items (
  order_id INTEGER NOT NULL REFERENCES orders (order_id),
  product_id INTEGER NOT NULL REFERENCES products (product_id),
  quantity INTEGER NOT NULL,
  unit_price REAL NOT NULL,
  PRIMARY KEY (order_id, product_id)
);
CREATE TABLE reviews (
  review_id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES products (product_id),
  customer_id INTEGER NOT NULL REFERENCES customers (customer_id),
  rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 5),
  headline TEXT NOT NULL,
  written_on TEXT NOT NULL
);
CREATE INDEX employees_by_store ON employees (store_id);
CREATE INDEX products_by_category ON products (category_id);
CREATE INDEX customers_by_city ON customers (city_id);
CREATE INDEX orders_by_customer ON orders (customer_id);
CREATE INDEX order_items_by_product ON order_items (product_id);
CREATE INDEX reviews_by_product ON reviews (product_id);
`
