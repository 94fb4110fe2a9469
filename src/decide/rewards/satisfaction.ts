import { words } from '../../text/words.ts'
import type { Evidence, Reward } from '../../credit/reward.ts'

const praise = new Set(['good', 'great', 'excellent', 'helpful', 'thanks', 'thank', 'perfect', 'awesome', 'correct', 'right', 'nice', 'useful'])
const blame = new Set(['bad', 'poor', 'unhelpful', 'wrong', 'incorrect', 'error', 'mistake', 'useless', 'missed', 'missing', 'terrible'])
const negations = new Set(['not', 'no', 'never', 'isn', 'wasn', 'aren', 'weren', 'don', 'didn', 'doesn', 'without', 'hardly'])

/** How many words before it a negation turns a word around: "not very good". */
const reach = 3

/** What is assumed where nobody has said anything. */
const neutral = 0.5

/** Share of praise among the words of praise and blame; undefined where there are none. Whole words only: "unhelpful" is no praise. */
const sentiment = (comments: readonly string[]): number | undefined => {
  let [good, bad] = [0, 0]
  for (const comment of comments) {
    const list = words(comment)
    for (const [place, word] of list.entries()) {
      const praising = praise.has(word)
      if (!praising && !blame.has(word)) continue
      const turned = list.slice(Math.max(0, place - reach), place).some((before) => negations.has(before))
      if (praising !== turned) good += 1
      else bad += 1
    }
  }
  return good + bad === 0 ? undefined : good / (good + bad)
}

/** The users' satisfaction, in [0, 1]. */
export const satisfactionOf = ({ rating, comments }: Evidence): number => rating ?? sentiment(comments) ?? neutral

/**
 * How content the users are, in [0, 1]: the mean of their ratings; without one, the share of praise among the words of praise and blame in their comments (English, whole
 * words, "not good" is blame); without either, .5.
 *
 * @example
 * ```ts
 * import { satisfaction } from 'autodidact'
 *
 * console.assert(satisfaction().of({ verdict: 1, comments: ['That was not helpful.'], steps: 1 }) === 0)
 * ```
 */
export const satisfaction = (): Reward => ({ name: 'satisfaction', of: satisfactionOf })
