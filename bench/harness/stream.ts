import { seededRandom } from '../../src/index.ts'
import { readChoices, type Request } from './choices.ts'

const things = ['river', 'stone', 'cloud', 'ember', 'leaf', 'frost', 'sand', 'salt', 'iron', 'moss']
const others = ['please', 'today', 'again', 'quickly', 'there', 'somehow', 'maybe', 'often', 'still', 'once']

/** Requests made up of a word that tells the right option and two that do not; one in ten tells the wrong one. */
const generated = (length: number): Request[] => {
  const random = seededRandom(11)
  const place = (): number => Math.floor(random() * things.length)
  const options = things.map((_, index) => ({ id: `option-${index}` }))
  return Array.from({ length }, () => {
    const thing = place()
    const gold = random() < 0.1 ? place() : thing
    return { text: `${others[place()]} ${things[thing]} ${others[place()]}`, gold: `option-${gold}`, options }
  })
}

/** The requests of a data folder in the form of `choices`, or a made-up stream where none is given. */
export const requestsOf = (data: string | undefined, generatedLength = 4000): readonly Request[] => (data === undefined ? generated(generatedLength) : readChoices(data).requests)
