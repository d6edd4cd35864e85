// `$NAME` and `${NAME:-default}` in the two dialects that a deployment is written in. Pure.

export interface Substitution {
  lookup: (name: string) => string | undefined;
  /** `compose`: `$$` is a dollar sign and a stray one is an error. `shell`: `\$` is one, and a stray one stays. */
  dialect: "compose" | "shell";
  /** Called for every name that is set nowhere and has no default. */
  unset?: (name: string) => void;
}

/** What is wrong with a text, as the end of a sentence; the caller knows the place. */
export class SubstitutionProblem extends Error {
  override name = "SubstitutionProblem";
}

const nameAt = /[A-Za-z_][A-Za-z0-9_]*/y;
const operatorAt = /:?[-?+]/y;
const deepest = 20;
/** A few lines of variables that name each other two times grow to gigabytes. */
const longestText = 1_000_000;

export const substitute = (text: string, how: Substitution, depth = 0): string => {
  if (depth > deepest) throw new SubstitutionProblem(`has defaults inside of defaults, more than ${deepest} deep`);
  let out = "";
  for (let at = 0; at < text.length;) {
    const dollar = nextDollar(text, at, how.dialect);
    out += text.slice(at, dollar);
    if (dollar === text.length) break;
    const { value, end } = text[dollar] === "\\" ? { value: "$", end: dollar + 2 } : valueAt(text, dollar, how, depth);
    out += value;
    if (out.length > longestText) throw new SubstitutionProblem(`becomes longer than ${longestText} characters by its variables`);
    at = end;
  }
  return out;
};

const nextDollar = (text: string, from: number, dialect: Substitution["dialect"]): number => {
  const dollar = text.indexOf("$", from);
  if (dollar === -1) return text.length;
  return dialect === "shell" && dollar > from && text[dollar - 1] === "\\" ? dollar - 1 : dollar;
};

const match = (pattern: RegExp, text: string, at: number): string | null => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
};

const valueAt = (text: string, dollar: number, how: Substitution, depth: number): { value: string; end: number } => {
  const next = text[dollar + 1];
  if (next === "$" && how.dialect === "compose") return { value: "$", end: dollar + 2 };
  if (next === "{") return bracedAt(text, dollar, how, depth);
  const name = match(nameAt, text, dollar + 1);
  if (name !== null) return { value: valueOf(name, how), end: dollar + 1 + name.length };
  if (how.dialect === "shell") return { value: "$", end: dollar + 1 };
  throw new SubstitutionProblem(`has "${text.slice(dollar, dollar + 8)}", which is no variable; a dollar sign is written "$$"`);
};

const bracedAt = (text: string, dollar: number, how: Substitution, depth: number): { value: string; end: number } => {
  const name = match(nameAt, text, dollar + 2);
  const afterName = dollar + 2 + (name?.length ?? 0);
  const operator = match(operatorAt, text, afterName) ?? "";
  if (name === null || (operator === "" && text[afterName] !== "}")) {
    if (how.dialect === "shell") return { value: "${", end: dollar + 2 };
    throw new SubstitutionProblem(`has "${text.slice(dollar, dollar + 20)}", which is no variable like \${NAME} or \${NAME:-default}`);
  }
  const close = closingBrace(text, afterName + operator.length);
  if (close === -1) {
    if (how.dialect === "shell") return { value: text.slice(dollar), end: text.length };
    throw new SubstitutionProblem(`has "${text.slice(dollar, dollar + 20)}", whose brace is never closed`);
  }
  const word = text.slice(afterName + operator.length, close);
  return { value: withOperator(name, operator, word, how, depth), end: close + 1 };
};

const withOperator = (name: string, operator: string, word: string, how: Substitution, depth: number): string => {
  const value = how.lookup(name);
  const there = value !== undefined && (value !== "" || !operator.startsWith(":"));
  switch (operator.at(-1)) {
    case "-":
      return there ? value : substitute(word, how, depth + 1);
    case "+":
      return there ? substitute(word, how, depth + 1) : "";
    case "?":
      if (there) return value;
      throw new SubstitutionProblem(`needs ${name}${word === "" ? "" : ` (${word.slice(0, 200)})`}, which is not set`);
    default:
      return valueOf(name, how);
  }
};

const valueOf = (name: string, how: Substitution): string => {
  const value = how.lookup(name);
  if (value === undefined) how.unset?.(name);
  return value ?? "";
};

/** Of the brace that is open at `from`; -1 if it is never closed. */
const closingBrace = (text: string, from: number): number => {
  let open = 1;
  for (let at = from; at < text.length; at += 1)
    if (text.startsWith("${", at)) open += 1;
    else if (text[at] === "}" && (open -= 1) === 0) return at;
  return -1;
};
