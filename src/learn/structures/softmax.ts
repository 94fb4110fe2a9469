/** exp(preference) of each, in shares of their sum; does not overflow. */
export const softmax = (preferences: Float64Array): Float64Array => {
  let most = -Infinity
  for (const preference of preferences) if (preference > most) most = preference
  const shares = preferences.map((preference) => Math.exp(preference - most))
  let sum = 0
  for (const share of shares) sum += share
  return shares.map((share) => share / sum)
}
