// Options of the form NAME=value.
import { AuthorError } from "../errors.ts";

const pairOf =
  (option: string) =>
  (text: string): [name: string, value: string] => {
    const at = text.indexOf("=");
    if (at < 1) throw new AuthorError(`${option} ${text} is not of the form NAME=value`);
    return [text.slice(0, at), text.slice(at + 1)];
  };

/** The last one of a name counts. */
export const pairsOf = (option: string, texts: readonly string[] = []): Record<string, string> =>
  Object.fromEntries(texts.map(pairOf(option)));
