// What a server with the user's own configuration is started with.
import type { BinaryServer } from "../define.ts";
import type { AskedVersion } from "../catalog/versions.ts";
import type { TarEntry } from "./tar.ts";

export interface ConfiguredPlan {
  /** Its name in messages and verdicts. */
  hop: string;
  definition: BinaryServer;
  version: AskedVersion | null;
  /** Debian packages to install with the server's own. */
  packages: string[];
  /** The user's image; null: the one that Hopwise builds. */
  image: string | null;
  /** The configuration and all files that it names. */
  entries: TarEntry[];
  args: string[];
  /** The ports it listens on; it is ready when all of them accept connections. */
  ports: number[];
  /** Of these the ones from which addresses of its own are reached. */
  portForwards: readonly { address: string; port: number; viaPort: number }[];
  /** Addresses it listens on that its container lacks. */
  addresses: readonly string[];
  upstreams: { host: string; port: number }[];
  /** Sockets of upstreams, each with its name in the volume of the lab's. */
  sockets: readonly { path: string; name: string }[];
  /** Addresses of the lab for upstreams that do not use the common one, by name. */
  places?: ReadonlyMap<string, string>;
  /** Name servers in the configuration (`resolver`), with their ports; the lab answers for them on `namesPort`. */
  resolvers: { host: string; port: number }[];
  /** Further names that must resolve. */
  hosts: string[];
  namesPort: number;
  /** How many times faster its clock runs. */
  timeScale: number;
  /** The user's path of each file, to replace the container's path in the server's messages. */
  paths: ReadonlyMap<string, string>;
}
