import type { Shape } from './shape.ts'

const employeesByStore = 'employees AS e JOIN stores AS s ON s.store_id = e.store_id'

/** Questions about stores, staff and suppliers. */
export const placeShapes: readonly Shape[] = [
  {
    id: 'employee-manager',
    sql: "SELECT m.name FROM employees AS e JOIN employees AS m ON m.employee_id = e.manager_id WHERE e.name = '{employee}'",
    phrasings: [
      'Who is the manager of {employee}?',
      'Whom does {employee} report to?',
      'Manager of {employee}?',
      'Who is in charge of {employee}?',
      'What is the name of the boss of {employee}?',
      'To whom should I go if I have a question about the work of {employee}, that is, who leads them?',
      '{employee} works under which manager?',
      'Who supervises {employee}?',
    ],
  },
  {
    id: 'store-staff',
    sql: `SELECT e.name, e.job_title FROM ${employeesByStore} WHERE s.name = '{store}' ORDER BY e.name`,
    phrasings: [
      'Who works at {store}, and in which job?',
      'List all employees of the {store} store with their job titles.',
      'Staff of {store} with roles',
      'Show me the team at {store} and what each one does.',
      'Which people do we employ at {store}, and as what?',
      'Give me names and job titles for everyone in {store}.',
      'I am visiting {store} tomorrow. Who will I meet there, and in what position?',
      'What does the personnel list of {store} look like, with jobs?',
      'The {store} crew: names and roles, please.',
    ],
  },
  {
    id: 'store-place',
    sql: "SELECT t.name, t.country FROM stores AS s JOIN cities AS t ON t.city_id = s.city_id WHERE s.name = '{store}'",
    phrasings: [
      'In which city and country is the {store} store?',
      'Where is {store} located?',
      'Location of {store}, city and country',
      'Where do I find our store {store}?',
      '{store}: which town and which country is that?',
      'Tell me the city and the country of {store}.',
      'What place do I have to travel to for a visit to {store}?',
      'Which city is {store} in, and in what country does it lie?',
      'I forgot where {store} is, city and country please.',
    ],
  },
  {
    id: 'job-average-salary',
    sql: "SELECT ROUND(AVG(salary), 2) FROM employees WHERE job_title = '{job}'",
    phrasings: [
      'What is the average salary of a {job}?',
      'How much does a {job} earn on average?',
      'Average pay for the job of {job}',
      'What do we pay a {job} in the mean?',
      'Mean salary over everybody employed as {job}?',
      'If I started as a {job}, what could I expect to earn, going by the average?',
      'How well paid is a typical {job} here, on average?',
      'Compute the average yearly pay for {job}.',
      'On average, which salary does someone working as {job} get?',
    ],
  },
  {
    id: 'store-best-paid',
    sql: `SELECT e.name, e.salary FROM ${employeesByStore} WHERE s.name = '{store}' AND e.job_title <> '{job}'
      ORDER BY e.salary DESC, e.name LIMIT 1`,
    phrasings: [
      'Who earns the most at {store}, not counting any {job}?',
      'Highest paid person in {store} who is not a {job}, and the salary?',
      'Apart from the {job}, who has the top salary at {store} and how much is it?',
      'Leaving out the job of {job}, which employee of {store} is paid best?',
      'At {store}, who other than the {job} gets the most money?',
      'Name the best paid employee in {store} whose job is not {job}, with the salary.',
      'Excluding {job}, which colleague at {store} takes home the biggest salary?',
      'Who is number one in pay at {store} if we ignore the {job}?',
    ],
  },
  {
    id: 'job-hired-before',
    sql: "SELECT name, hired_on FROM employees WHERE job_title = '{job}' AND hired_on < '{hireYear}-01-01' ORDER BY hired_on, name",
    phrasings: [
      'Who was hired as {job} before {hireYear}, and when?',
      'List everyone working as {job} who joined before {hireYear}, with hiring dates.',
      'Which people with the job {job} were already here before {hireYear}?',
      'Long-serving staff, job {job}, hired earlier than {hireYear}',
      'Before {hireYear}, whom did we take on as {job}?',
      'Show name and start date of each {job} employed prior to {hireYear}.',
      'Who has been a {job} with us since some year before {hireYear}?',
      'Employees with the title {job} and a hiring date ahead of {hireYear}?',
    ],
  },
  {
    id: 'country-fast-suppliers',
    sql: "SELECT name, lead_days FROM suppliers WHERE country = '{country}' AND lead_days <= {days} ORDER BY lead_days, name",
    phrasings: [
      'Which suppliers in {country} deliver within {days} days, and how fast?',
      'List suppliers from {country} with a lead time of at most {days} days.',
      'Suppliers in {country} needing {days} days or less',
      'Who can supply us from {country} in no more than {days} days?',
      'Show {country} suppliers and their lead days, up to {days}.',
      'I need goods in {days} days. Which suppliers in {country} can manage that?',
      'From {country}, which of our suppliers take {days} days at the longest?',
      'Are there suppliers based in {country} that need not more than {days} days? Name them with their lead time.',
    ],
  },
  {
    id: 'year-top-stores',
    sql: `SELECT s.name, ROUND(SUM(i.quantity * i.unit_price), 2) AS revenue FROM orders AS o
      JOIN order_items AS i ON i.order_id = o.order_id JOIN employees AS e ON e.employee_id = o.employee_id
      JOIN stores AS s ON s.store_id = e.store_id WHERE strftime('%Y', o.ordered_on) = '{year}' GROUP BY s.store_id
      ORDER BY revenue DESC, s.name LIMIT {top}`,
    phrasings: [
      'What were the top {top} stores by revenue in {year}?',
      'Which {top} stores made the most money in {year}, and how much?',
      'Show the {top} stores with the highest sales for {year}.',
      '{top} strongest stores of {year}, with revenue',
      'In {year}, which {top} branches brought in the most?',
      'Rank our stores by turnover for {year} and keep the first {top}.',
      'Looking at {year}, name the {top} stores that sold for the largest amounts.',
      'Where did we earn most in {year}? Give me {top} stores and their revenue.',
    ],
  },
]
