/** Finite numbers by name. */
export type Numbers = Readonly<Record<string, number>>

/** The numbers of a context, and its truth values as 0 and 1; undefined when it has none. */
export const numbersOf = (context: Readonly<Record<string, number | string | boolean>> | undefined): Numbers | undefined => {
  if (context === undefined) return undefined
  const numbers = Object.entries(context).flatMap(([name, value]) => (typeof value === 'string' ? [] : [[name, Number(value)] as const]))
  return numbers.length === 0 ? undefined : Object.fromEntries(numbers)
}
