/** A defect of an object file or of its records, in words. It is thrown before anything is changed. */
export class InvalidRecords extends Error {}
