export { type KnownGaps, type StorageLaw, storageLaws, type StoragePlace, type StoreUnderTest } from './storage-contract.ts'
