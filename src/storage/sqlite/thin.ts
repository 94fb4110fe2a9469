import type { Thinning, ThinningReceipt } from '../storage.ts'
import { encryptContent, spaceOf } from './encryption.ts'
import { releaseBlobs } from './erase.ts'
import type { Inside } from './inside.ts'

/** Takes out of facts what the caller left out of them, with the blobs that nobody refers to any more. Facts that are not there are passed over. */
export const thinFacts = (inside: Inside, { facts, unindexed }: Thinning): ThinningReceipt => {
  const { connection, index, namespace } = inside
  const { cipher } = connection
  const blobs = (): number => Number(connection.statement('SELECT count(*) AS blobs FROM blobs WHERE namespace = ?').get(namespace)?.['blobs'])
  const before = blobs()
  let thinned = 0
  for (const { id, data, blobs: references, kept } of facts) {
    const { changes } = connection
      .statement('UPDATE facts SET data = ?, blobs = ? WHERE namespace = ? AND id = ?')
      .run(
        encryptContent(cipher, namespace, id, 'data', JSON.stringify(data)),
        references.length === 0 ? null : encryptContent(cipher, namespace, id, 'blobs', JSON.stringify(references)),
        namespace,
        id,
      )
    if (changes === 0) continue
    thinned += 1
    releaseBlobs(inside, id, kept.map((hash) => cipher.fingerprint(spaceOf(namespace), hash)))
  }
  return { facts: thinned, blobs: before - blobs(), indexRows: index.remove(namespace, unindexed) }
}
