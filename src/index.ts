export { Autodidact, type AutodidactSettings } from './autodidact.ts'
export { AutodidactError, type ErrorCode, errorCodes } from './errors.ts'
