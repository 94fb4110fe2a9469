/** 1 / (1 + e^−z). */
export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z))

/** ln(p / (1 − p)); p in (0, 1). */
export const logit = (p: number): number => Math.log(p / (1 - p))

const mostRounds = 60

/**
 * How far one observation moves a logistic regression with a Gaussian prior of its own for each weight (Chapelle and Li 2011). Minimising
 * ½ Σ q_i (w_i − m_i)² plus the observation's weighted cross-entropy gives w_i = m_i + g x_i / q_i, where the one number g solves
 *
 *     g = weight · (reward − σ(z + g s)),  s = Σ x_i² / q_i
 *
 * by Newton's method, kept between the bounds that the equation itself gives. For a reward of 1 or 0 this is the update of the paper.
 *
 * @param z what the weights said before: mᵀx
 * @param spread s, above 0
 * @param reward in [0, 1]
 * @param weight above 0
 */
export const logisticPull = (z: number, spread: number, reward: number, weight: number): number => {
  // The left side rises with g and the right side falls: the solution lies between 0 and what the right side is at 0.
  const far = weight * (reward - sigmoid(z))
  let [low, high] = far < 0 ? [far, 0] : [0, far]
  let pull = far / (1 + weight * spread * sigmoid(z) * sigmoid(-z))
  for (let round = 0; round < mostRounds; round += 1) {
    const chance = sigmoid(z + pull * spread)
    const error = pull - weight * (reward - chance)
    if (Math.abs(error) < 1e-15) break
    if (error > 0) high = pull
    else low = pull
    const next = pull - error / (1 + weight * spread * chance * (1 - chance))
    pull = next > low && next < high ? next : (low + high) / 2
  }
  return pull
}
