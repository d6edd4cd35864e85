// What was given, whatever it is: an nginx configuration, or a deployment that has one in it.
import { dirname } from "node:path";
import { deployedFiles } from "./compose/deployed.ts";
import { readCompose } from "./compose/read.ts";
import type { Neighbour } from "./compose/subject.ts";
import type { Configuration, Dialect } from "./configuration.ts";
import { nginxDialect } from "./nginx/index.ts";
import { readDeployed, readNginx } from "./nginx/read.ts";

export interface SubjectOptions {
  cwd: string;
  env: Record<string, string>;
  host?: string;
  path?: string;
  /** What the trials say that they accept. */
  accept?: string;
  service?: string;
}

export interface Subject {
  /** Id of the catalogue's server that runs it. */
  server: string;
  configuration: Configuration;
  dialect: Dialect;
  /** Behind the program's name. */
  args: string[];
  /** The image that the deployment names; null if it names none. */
  image: string | null;
  /** Of a compose file: the service that it is, and by which names it knows others. */
  deployment?: { service: string; neighbours: Neighbour[] };
}

/** Throws AuthorErrors only. */
export const readSubject = async (given: string, options: SubjectOptions): Promise<Subject> =>
  /\.ya?ml$/i.test(given) ? readDeployment(given, options) : readConfiguration(given, options);

const readConfiguration = async (given: string, options: SubjectOptions): Promise<Subject> => {
  const configuration = await readNginx(given, options);
  return { server: "nginx", configuration, dialect: nginxDialect as Dialect, args: configuration.args, image: null };
};

const readDeployment = async (given: string, options: SubjectOptions): Promise<Subject> => {
  const compose = await readCompose(given, options);
  const { variables, ...deployed } = deployedFiles(compose);
  const configuration = await readDeployed(
    given,
    { ...deployed, folder: dirname(given) },
    { ...options, env: { ...variables, ...options.env } },
  );
  return {
    server: "nginx",
    configuration: {
      ...configuration,
      overlays: [...compose.overlays, ...configuration.overlays],
      leftOut: [...compose.notDone, ...configuration.leftOut],
    },
    dialect: nginxDialect as Dialect,
    args: configuration.args,
    image: compose.image,
    deployment: { service: compose.service, neighbours: compose.links },
  };
};
