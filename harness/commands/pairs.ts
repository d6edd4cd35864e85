// Options that name something and say what it is.
import { AuthorError } from "../errors.ts";

export const pairOf =
  (option: string) =>
  (text: string): [name: string, value: string] => {
    const at = text.indexOf("=");
    if (at < 1) throw new AuthorError(`${option} ${text} is not of the form NAME=value`);
    return [text.slice(0, at), text.slice(at + 1)];
  };

/** RFC 9110 §5: a name is a token; a value has no control characters. */
export const fieldOf = (text: string): [name: string, value: string] => {
  const [, name = "", value = ""] = /^([\w!#$%&'*+.^`|~-]+)\s*:\s*([\t -~]*)$/.exec(text) ?? [];
  if (name === "") throw new AuthorError(`--header ${JSON.stringify(text)} is not of the form 'Name: value'`);
  return [name, value.trimEnd()];
};
