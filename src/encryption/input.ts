import { z } from 'zod'

const secrets = z
  .strictObject({ key: z.union([z.instanceof(Uint8Array), z.string()]).optional(), passphrase: z.string().optional() })
  .refine(({ key, passphrase }) => key === undefined || passphrase === undefined, 'has a key and a passphrase, and takes one of them')
  // Most likely a variable of the environment that is not set; a store that is not encrypted would be the wrong answer to that.
  .refine(({ key, passphrase }) => key !== undefined || passphrase !== undefined, 'has neither a key nor a passphrase (one that is undefined is none); leave it out for a store without')

/** What {@link EncryptionSettings} look like; how long a key or a passphrase has to be is said when it is used. */
export const encryptionInput = secrets
