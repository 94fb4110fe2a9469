/**
 * Questions that the shop's data cannot answer: about other things altogether, about what people think, and, the hard ones, about things
 * that are in the data but have no such column. Each is asked once.
 */
export const unanswerable: readonly string[] = [
  // Nothing to do with the shop.
  'What will the weather be like in {city} tomorrow?',
  'Who won the football match in {country} last night?',
  'Can you recommend a restaurant near {store}?',
  'What time is it in {city} right now?',
  'How many people live in {country} altogether?',
  'Which train do I take to get to {city}?',
  'Is there snow on the mountains around {city}?',
  'What is the exchange rate of the euro today?',
  // Opinions and the future.
  'Do you think the {product} is beautiful?',
  'Will {category} be in fashion next year?',
  'Why do people like {category} so much?',
  'Should we open another store in {country}?',
  'Which colleague is the friendliest at {store}?',
  'How many {category} are we going to sell in the year 2031?',
  'Is {supplier} a company one can trust?',
  'What should {customer} buy next?',
  // Attributes that products do not have here.
  'How heavy is the {product}?',
  'What colours does the {product} come in?',
  'How long is the warranty on the {product}?',
  'Which material is the {product} made of?',
  'In what sizes can I get the {product}?',
  'Give me the barcode of the {product}.',
  'What did the {product} cost at our competitors last week?',
  'Is the {product} waterproof?',
  'What purchase price do we pay {supplier} for the {product}?',
  'Who designed the {product}?',
  // Attributes that customers do not have here.
  'What is the phone number of {customer}?',
  'How old is {customer}?',
  'On which street does {customer} live?',
  'Is {customer} married?',
  'What language does {customer} speak?',
  'For which firm does {customer} work?',
  'How many children does {customer} have?',
  'Did {customer} open our last newsletter?',
  // Attributes that staff do not have here.
  'When is the birthday of {employee}?',
  'How many days of holiday has {employee} left?',
  'What is the shoe size of {employee}?',
  'Was {employee} ill last week?',
  'Which training courses has {employee} taken?',
  'Give me the private phone number of {employee}.',
  // Attributes that stores, suppliers and orders do not have here.
  'What are the opening hours of {store}?',
  'How much rent do we pay for {store}?',
  'How many parking spaces are there at {store}?',
  'Who is the contact person at {supplier}?',
  'What is the bank account number of {supplier}?',
  'What did the customer say when returning order {order}?',
  'What is the tracking number of order {order}?',
  'How much CO2 did {carrier} emit for us in {year}?',
]
