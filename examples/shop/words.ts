/** Where customers live and stores stand. */
export const citiesByCountry: Readonly<Record<string, readonly string[]>> = {
  Germany: ['Hamburg', 'Munich', 'Leipzig', 'Freiburg'],
  France: ['Lyon', 'Grenoble', 'Nantes', 'Annecy'],
  Italy: ['Turin', 'Bolzano', 'Verona'],
  Spain: ['Bilbao', 'Granada', 'Valencia'],
  Austria: ['Innsbruck', 'Salzburg', 'Graz'],
  Switzerland: ['Zurich', 'Bern', 'Lausanne'],
  Norway: ['Bergen', 'Oslo', 'Trondheim'],
  Sweden: ['Gothenburg', 'Uppsala', 'Malmo'],
  Netherlands: ['Utrecht', 'Rotterdam', 'Groningen'],
  Poland: ['Krakow', 'Gdansk', 'Wroclaw'],
}

export const storeNames = [
  'Riverside', 'Old Mill', 'Harbour Lane', 'Cathedral Square', 'Northgate', 'Station Hall', 'Alpine Corner', 'Market Arcade', 'Castle Hill',
  'Linden Court',
] as const

/** Job titles with a typical yearly salary; every store has one of the first, the others are drawn. */
export const jobs = [
  ['store manager', 58_000],
  ['deputy manager', 47_000],
  ['sales assistant', 31_000],
  ['cashier', 28_500],
  ['stock clerk', 29_500],
  ['bike mechanic', 36_000],
  ['boot fitter', 33_500],
  ['ski technician', 37_500],
  ['window dresser', 34_500],
  ['customer advisor', 35_000],
] as const

export const suppliersByCountry: Readonly<Record<string, readonly string[]>> = {
  Germany: ['Rhine Metalworks', 'Bavaria Outdoor Works', 'Hansa Trading'],
  France: ['Atelier Montagne', 'Loire Plastics'],
  Italy: ['Dolomiti Sport', 'Piedmont Leather', 'Adria Boats'],
  Spain: ['Iberia Trading', 'Cantabria Ropes'],
  Austria: ['Tirol Manufaktur', 'Danube Canvas'],
  Switzerland: ['Helvetic Supply', 'Engadin Down'],
  Norway: ['Fjellheim Textiles', 'Polar Line'],
  Sweden: ['Scandia Mills', 'Gotland Wool'],
  Netherlands: ['Delta Import', 'Zeeland Marine'],
  Poland: ['Tatra Equipment', 'Vistula Factory'],
}

/** Each category with the kinds of product in it and what such a thing typically costs. */
export const categories = [
  { name: 'Tents', kinds: { 'Dome Tent': 190, 'Tunnel Tent': 280, 'Family Tent': 420, 'Trekking Tent': 330 } },
  { name: 'Sleeping Bags', kinds: { 'Down Bag': 260, 'Summer Bag': 70, 'Quilt': 150, 'Bag Liner': 32 } },
  { name: 'Backpacks', kinds: { 'Daypack': 65, 'Trekking Pack': 170, 'Duffel': 90, 'Hip Pack': 38 } },
  { name: 'Hiking Boots', kinds: { 'Leather Boot': 220, 'Trail Boot': 120, 'Approach Boot': 145, 'Winter Boot': 185 } },
  { name: 'Rain Jackets', kinds: { 'Shell Jacket': 250, 'Poncho': 45, 'Anorak': 110, 'Parka': 180 } },
  { name: 'Camping Stoves', kinds: { 'Gas Stove': 55, 'Spirit Stove': 40, 'Wood Stove': 75, 'Stove Set': 130 } },
  { name: 'Lanterns', kinds: { 'Headlamp': 42, 'Table Lantern': 35, 'Storm Lantern': 58, 'String Light': 22 } },
  { name: 'Climbing Ropes', kinds: { 'Single Rope': 150, 'Half Rope': 125, 'Static Rope': 95, 'Cord': 24 } },
  { name: 'Bike Bags', kinds: { 'Pannier': 85, 'Frame Bag': 60, 'Saddle Bag': 34, 'Handlebar Bag': 70 } },
  { name: 'Kayaks', kinds: { 'River Kayak': 690, 'Sea Kayak': 980, 'Folding Kayak': 1150, 'Inflatable Kayak': 410 } },
  { name: 'Water Bottles', kinds: { 'Steel Bottle': 26, 'Water Bladder': 33, 'Thermos': 39, 'Filter Bottle': 48 } },
  { name: 'Ski Gloves', kinds: { 'Mitten': 62, 'Leather Glove': 88, 'Softshell Glove': 45, 'Liner Glove': 24 } },
] as const

/** Model names that, put before a kind, make the name of a product. */
export const models = [
  'Kestrel', 'Aurora', 'Boreal', 'Granite', 'Lynx', 'Tundra', 'Cascade', 'Heron', 'Juniper', 'Meridian', 'Osprey', 'Sierra', 'Vega',
  'Wolverine', 'Zephyr', 'Fjord',
] as const

export const firstNames = [
  'Anna', 'Ben', 'Carla', 'David', 'Elena', 'Felix', 'Greta', 'Hugo', 'Ines', 'Jonas', 'Katja', 'Lars', 'Marta', 'Nils', 'Olivia', 'Pablo',
  'Rosa', 'Simon', 'Tilda', 'Victor', 'Wanda', 'Yannick', 'Zoe', 'Adrian', 'Bianca', 'Cedric', 'Dorota', 'Emil', 'Frida', 'Giulia',
  'Henrik', 'Ida', 'Jakub', 'Klara', 'Luca', 'Maren', 'Noemi', 'Oskar', 'Petra', 'Rafael', 'Sofia', 'Tomasz',
] as const

export const lastNames = [
  'Albrecht', 'Bergstrom', 'Castelli', 'Dubois', 'Eriksen', 'Ferrari', 'Garcia', 'Hoffmann', 'Iversen', 'Jansen', 'Kowalski', 'Lindqvist',
  'Moreau', 'Novak', 'Olsen', 'Pellegrini', 'Reuter', 'Schneider', 'Tanner', 'Urrutia', 'Visser', 'Wagner', 'Zielinski', 'Aebischer',
  'Brandt', 'Conti', 'Dahl', 'Egger', 'Fontaine', 'Gruber', 'Haugen', 'Ibarra', 'Keller', 'Lefevre', 'Mancini', 'Nowak', 'Ortega',
  'Pettersson', 'Rossi', 'Steiner', 'Torres', 'Vogel',
] as const

export const carriers = [
  'Northway Express', 'Blue Arrow', 'Swift Parcel', 'Alpen Kurier', 'Merkur Freight', 'Green Wheel', 'Postlink', 'Union Cargo',
  'Falke Logistics', 'Coastline Delivery',
] as const

/** How orders end, with how often they do. */
export const finalStatuses = [['delivered', 0.72], ['returned', 0.1], ['cancelled', 0.08], ['exchanged', 0.06], ['lost', 0.04]] as const

/** What recent orders can be instead. */
export const openStatuses = [['in transit', 0.7], ['on hold', 0.3]] as const

export const paymentMethods = ['credit card', 'PayPal', 'bank transfer', 'gift card', 'invoice'] as const

/** Headlines of reviews, by the stars they go with. */
export const headlines: Readonly<Record<1 | 2 | 3 | 4 | 5, readonly string[]>> = {
  1: ['Broke on the second trip', 'Sent it back', 'Not as described'],
  2: ['Expected more', 'Poor stitching', 'Too heavy for me'],
  3: ['Does the job', 'Fine for the money', 'Mixed feelings'],
  4: ['Very good with one flaw', 'Would buy again', 'Solid and well made'],
  5: ['Could not be happier', 'Perfect on a rainy week', 'My favourite piece of kit'],
}
