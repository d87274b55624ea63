/** What is wrong with an object file or its records, in words. Whoever reads them throws it; nothing has been changed then. */
export class InvalidRecords extends Error {}
