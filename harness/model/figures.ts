// Figures by what they may be: TypeScript has one word for all, and the schemas of scenarios and reports are made of these types.

/**
 * @asType integer
 * @minimum 0
 */
export type Count = number;

/**
 * Counted from 1.
 *
 * @asType integer
 * @minimum 1
 */
export type Ordinal = number;

/** @asType integer */
export type Status = number;

/** @minimum 0 */
export type Amount = number;

/** @exclusiveMinimum 0 */
export type Factor = number;

/** @pattern ^\d{4}-\d\d-\d\dT */
export type Timestamp = string;

/** @minLength 1 */
export type Text = string;

/**
 * @exclusiveMinimum 0
 * @maximum 3600000
 */
export type Milliseconds = number;

/**
 * @asType integer
 * @minimum 1
 * @maximum 1048576
 */
export type RecordBytes = number;

/**
 * @asType integer
 * @minimum 2
 * @maximum 10000
 */
export type RecordCount = number;

/**
 * @asType integer
 * @minimum 100000
 * @maximum 100000000
 */
export type BodyBytes = number;
