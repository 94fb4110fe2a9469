import { z } from 'zod'

/** What {@link EncryptionSettings} look like; how long a key or a passphrase has to be is said when it is used. */
export const encryptionInput = z.union([
  z.strictObject({ key: z.union([z.instanceof(Uint8Array), z.string()]) }),
  z.strictObject({ passphrase: z.string() }),
])
