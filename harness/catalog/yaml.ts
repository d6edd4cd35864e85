// A file of data in YAML: its value, and where each part of it stands.
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from "yaml";
import type { Document, Node, ParsedNode } from "yaml";
import { AuthorError } from "../errors.ts";
import type { LineOf, Path } from "./source.ts";

/** Throws an AuthorError with file and line for what is no YAML, or more than data; null is the value of an empty file. */
export const parseYaml = (text: string, file: string): { value: unknown; lineOf: LineOf } => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  // A warning is a tag that nothing knows: what it stands for would be guessed.
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw new AuthorError(`${file}:${lineAt(problem.pos[0])}: ${sentenceOf(problem)}`);
  visit(document, {
    Alias: (_, alias) => {
      if (!alias.resolve(document))
        throw new AuthorError(
          `${file}:${lineAt(startOf(alias) ?? 0)}: *${alias.source} stands for nothing: there is no &${alias.source} before it`,
        );
    },
  });
  try {
    return { value: document.toJS(), lineOf: (path) => lineAt(offsetOf(document, path)) };
  } catch (cause) {
    // Aliases of aliases that multiply without end.
    throw new AuthorError(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
};

const sentenceOf = ({ code, message }: { code: string; message: string }): string =>
  code === "MULTIPLE_DOCS" ? "a second document begins here; a file is one" : (message.split("\n")[0] ?? message);

/** Of what stands at a path, or of the last part of the way that is there. A block is where its key is. */
const offsetOf = (document: Document.Parsed, path: Path): number => {
  let node: Node | null = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    const here: Node | null | undefined = isAlias(node) ? node.resolve(document) : node;
    let key: Node | null = null;
    let value: unknown = null;
    if (isMap<ParsedNode, ParsedNode | null>(here)) {
      const pair = here.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (!pair) break;
      key = pair.key;
      value = pair.value;
    } else if (isSeq(here)) {
      value = here.items[Number(step)];
      if (value === undefined) break;
    } else break;
    node = value as Node | null;
    offset = (isScalar(node) || key === null ? startOf(node) : null) ?? startOf(key) ?? offset;
  }
  return offset;
};

const startOf = (node: Node | null): number | null => node?.range?.[0] ?? null;
