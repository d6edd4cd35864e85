import type { AskedVersion } from "../catalog/versions.ts";
import type { BinaryServer } from "../define.ts";

/** What a configuration runs in. */
export interface Build {
  definition: BinaryServer;
  version: AskedVersion | null;
  image: string | null;
  /** Its name in verdicts; default: the server's title. In a chain, its service's. */
  hop?: string;
}

export const hopOf = ({ hop, definition }: Build): string => hop ?? definition.title;
