import { wording } from '../text/wording.ts'
import { statementOf } from './statement.ts'

/** Of so many words one says something, whatever they are. */
const fewestOwnWords = 4

/** What narrows or widens whatever it stands beside, alone or with words that stand in the text already: "until then", "or finance". */
const qualifying: ReadonlySet<string> = new Set(
  'after also before but during except excepting if instead only or otherwise outside over plus since than till under unless until when where while within without'.split(' '),
)

/** With what a text is introduced, handed on or acknowledged, whatever it says. Any other word that it did not have is news: a name, a place, "outdated". */
export const introducing: ReadonlySet<string> = new Set(
  [
    'a an and as at by did do does for from had has have he her here his i in is it its me my of on our s she so that the their them there these they this those to us was we were with you your',
    'according again agreed answer assistant content context earlier fact facts following fyi got hint important information input item items knowledge known learned learnt lesson lessons memories memory mentioned message messages',
    'nb note noted notes notice ok okay output please ps quote quoted quotes read recall recalled remember remembered reminder response result role rule rules said saved say saying says see sentence source stated stored',
    'summary sure system tell tells text thank thanks think tip told understood user users write writes written wrote yes',
    'achtung gemerkt hinweis merke merken notiz regel wichtig importante nota recuerda recuerde rappel rappelle regla règle',
  ].flatMap((line) => line.split(' ')),
)

const hasDigit = /\p{N}/u

/**
 * Whether what is left of a text, without what is known of it, says something: some words, or one that is neither known nor only introduces what follows; what something holds for, or a no.
 *
 * @param vocabulary words that are known
 */
export const saysOwn = (left: string, vocabulary: ReadonlySet<string>): boolean => {
  const own = wording(left)
  const isNews = (word: string): boolean => qualifying.has(word) || hasDigit.test(word) || !(vocabulary.has(word) || introducing.has(word))
  return isLong(own) || own.some(isNews) || statementOf(left).isNegative
}

/** Whether words are so many that they say something, whatever they are. */
export const isLong = (own: readonly string[]): boolean => own.length >= fewestOwnWords
