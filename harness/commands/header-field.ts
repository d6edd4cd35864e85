// `--header` of check and probe.
import { AuthorError } from "../errors.ts";

/** RFC 9110 §5: a name is a token; a value has no control characters. */
export const fieldOf = (text: string): [name: string, value: string] => {
  const [, name = "", value = ""] = /^([\w!#$%&'*+.^`|~-]+)\s*:\s*([\t -~]*)$/.exec(text) ?? [];
  if (name === "") throw new AuthorError(`--header ${JSON.stringify(text)} is not of the form 'Name: value'`);
  return [name, value.trimEnd()];
};
