// Which case of its trial a case is: its role, its point and its attempt. Ids are made here, and nothing takes one apart. Pure.

export const caseRoles = [
  "lock-step",
  "paced",
  "header-hold",
  "first-byte-wait",
  "silence",
  /** A steady stream beside a silence, for as long as the trial says. */
  "flow",
  /** A steady stream after a silence was cut, for three times as long as the silence survived. */
  "heartbeats",
  "abort",
  /** In turn: requests that the origin closes before it answers, and others. */
  "failing",
  "answering",
  "leave",
  "stall",
  "late-joiner",
  "queue",
  "reload",
  /** A body of one size, for one kind of reader; a small one comes first. */
  "memory",
  "small-body",
  "head",
  "status",
  /** The response of an application, as it comes. */
  "watch",
] as const;

export type CaseRole = (typeof caseRoles)[number];

export interface CaseIdentity {
  role: CaseRole;
  /** Distinguishes cases of one role, e.g. `600` in a size sweep; "" if there is only one. */
  variant: string;
  /** Its values on the axes of a sweep, e.g. `gzip,text/html`; "" without a sweep. */
  place: string;
  /** From 1. */
  attempt: number;
}

export const firstAttempt = (role: CaseRole, variant = "", place = ""): CaseIdentity => ({ role, variant, place, attempt: 1 });

/** `silence`, `lock-step-600`; of a second and third attempt `silence-again`, `silence-again-2`; in a sweep `silence@gzip`. */
export const caseId = ({ role, variant, place, attempt }: CaseIdentity): string =>
  [
    role,
    variant === "" ? "" : `-${variant}`,
    attempt === 1 ? "" : attempt === 2 ? "-again" : `-again-${attempt - 1}`,
    place === "" ? "" : `@${place}`,
  ].join("");

/** The case with another identity, and the id that follows from it. */
export const identified = <C extends CaseIdentity & { id: string }>(trialCase: C, change: Partial<CaseIdentity>): C => {
  const changed = { ...trialCase, ...change };
  return { ...changed, id: caseId(changed) };
};

/** The same in all attempts of one case. */
export const firstIdOf = (identity: CaseIdentity): string => caseId({ ...identity, attempt: 1 });

export const isSameCase = (one: CaseIdentity, other: CaseIdentity): boolean => firstIdOf(one) === firstIdOf(other);

export const isFurtherAttempt = ({ attempt }: CaseIdentity): boolean => attempt > 1;

/** A later attempt of the same case. */
export const isLaterAttempt = (one: CaseIdentity, other: CaseIdentity): boolean => isSameCase(one, other) && one.attempt > other.attempt;

/** Two cases of one attempt at one point. */
export const isBeside = (one: CaseIdentity, other: CaseIdentity): boolean => one.place === other.place && one.attempt === other.attempt;
