// The commands and their options. Each command's code is loaded when it is used.
import { Argument, Command, Option } from "commander";
import { EnvironmentError } from "../errors.ts";
import type { CheckFlags } from "./check.ts";
import { formatFiles, nameOfFormat } from "./format-names.ts";
import { commandHelp, mainHelp } from "./help.ts";
import type { InitFlags } from "./init.ts";
import type { Part } from "./list.ts";
import type { MergeFlags } from "./merge.ts";
import { oldNode } from "./node-version.ts";
import type { ShowFlags } from "./show.ts";
import { byteCount, portNumber, timeScale, waitSeconds, wholeNumber } from "./numbers.ts";
import type { OriginFlags } from "./origin.ts";
import type { ProbeFlags } from "./probe-request.ts";
import type { TimeoutsFlags } from "./timeouts.ts";
import type { RunFlags } from "./run-flags.ts";
import type { Screen } from "./screen.ts";

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

const reporterHelp = `${formatFiles().map(nameOfFormat).join(", ")}; html=<file> writes to a file; repeatable (default: pretty)`;

const openHelp = "open the report as a page in your browser";

export interface Session {
  screen: Screen;
  version: string;
  finish: (code: number) => void;
  /** From now on the command handles signals. */
  onSignals: () => void;
}

export const createProgram = (session: Session): Command => {
  const program = new Command("npx hopwise")
    .description(
      "Proves, before you deploy, whether a streamed HTTP response reaches the client intact and on time, and names the hop that breaks it.",
    )
    .version(session.version)
    .configureHelp({ helpWidth: session.screen.out.width })
    .configureOutput({ outputError: () => {} })
    .exitOverride()
    .addHelpText("after", mainHelp);
  for (const add of [addRun, addCheck, addProbe, addOrigin, addTimeouts, addMerge, addShow, addList, addDoctor, addInit])
    add(program, session);
  return program;
};

const addRun = (program: Command, { screen, finish, onSignals }: Session): void => {
  program
    .command("run")
    .description("run scenarios, and report what happens to each stream")
    .argument("[what...]", "ids, files, folders or glob patterns (default: the catalog without real applications)")
    .addOption(
      new Option(
        "--runtime <kind>",
        "where hops run; auto: in containers if a container engine is running and no hop is a command (--hop), otherwise as processes",
      )
        .choices(["auto", "container", "process"])
        .default("auto"),
    )
    .option("--reporter <name>", reporterHelp, collect)
    .option("--open", openHelp)
    .option("--grep <regex>", "run only scenarios whose id or title matches")
    .option("--hop <command>", "run the standard trials against your proxy: a command that listens on PORT and forwards to UPSTREAM")
    .option("--app <url>", "use your running application as the origin, with the hops of --hop, --through or scenarios")
    .option(
      "--through <hop>",
      "with --app: a server from the catalog, e.g. nginx:gzip; repeatable, in order from origin to client",
      collect,
    )
    .option("--watch-seconds <n>", "with --app: how long to watch a stream that does not end (default: 10)", wholeNumber)
    .option("--image <name>", "run every server from this image")
    .option("--time-scale <n>", "run server clocks N× faster (1–100), so that minute-long timeouts fire in seconds", timeScale)
    .option("--concurrency <n>", "run at most N scenarios concurrently", wholeNumber)
    .option("--save-traces <folder>", "save the trace of every connection, one JSON file per scenario")
    .option("--allow-unsupported", "do not exit with 3 only because some scenarios cannot run on this machine")
    .option("--shard <i/n>", "run one part of the scenarios, e.g. 1/3; npx hopwise merge combines the reports")
    .option("--baseline <file>", "a JSON report: failures that are also in it do not fail this run")
    .option(
      "--applications",
      "also run scenarios with real applications (Django …), whose images take minutes to build; named ones always run",
    )
    .option("--showcase", "run the showcase: scenarios that need only Node")
    .addHelpText("after", commandHelp.run)
    .action(async (what: string[], { reporter, ...flags }: Omit<RunFlags, "reporter"> & { reporter?: string[] }) => {
      onSignals();
      const { runCommand } = await onNewNode(() => import("./run.ts"));
      finish(await runCommand(what, { ...flags, reporter: reporter ?? ["pretty"] }, screen));
    });
};

const addCheck = (program: Command, { screen, finish, onSignals }: Session): void => {
  program
    .command("check")
    .description("check your own configuration: which line breaks streams, and which change fixes it")
    .argument(
      "<config>",
      "an nginx.conf, a fragment or template, a folder, a dump of nginx -T, a docker-compose file, or Kubernetes manifests",
    )
    .option("--for <purpose>", "what the routes carry: sse, ndjson, download, llm, mcp or long-polling (default: sse)")
    .option("--path <path>", "check only the route that serves this path, e.g. /events")
    .option("--host <name>", "check only the server with this name")
    .option("--service <name>", "the service of the docker-compose file that is the proxy")
    .option("--image <name>", "the image to run the server in, e.g. nginx:1.29")
    .option("--server-version <version>", "the version of the server to build from Debian's packages, e.g. 1.26")
    .option("--env <NAME=value>", "a variable of a template; repeatable", collect)
    .option("--upstream <NAME=address>", "where a variable of proxy_pass leads, e.g. arg_to=web:8000; repeatable", collect)
    .option("--header <field>", "a header field of every request, e.g. 'X-Api-Key: 1'; repeatable", collect)
    .option("--run-entrypoint", "run the entry point of the docker-compose file's proxy in a sandbox, and check what it writes")
    .option("--keep-app", "run the application of the docker-compose file as the proxy's upstream")
    .option("--watch-seconds <n>", "with --keep-app: how long to watch a stream that does not end (default: 10)", wholeNumber)
    .option(
      "--max-wait <seconds>",
      "how long to wait for timeouts, in server time (default: 130, or 75 in real time; longer if `must` requires it)",
      waitSeconds,
    )
    .option("--write", "apply the proven fixes to your files")
    .option("--strict", "fail on warnings as well as on errors")
    .option("--save-traces <folder>", "save the trace of every connection, one JSON file per trial")
    .option("--reporter <name>", reporterHelp, collect)
    .option("--open", openHelp)
    .addHelpText("after", commandHelp.check)
    .action(async (given: string, { reporter, ...flags }: Omit<CheckFlags, "reporter"> & { reporter?: string[] }) => {
      onSignals();
      const { checkCommand } = await onNewNode(() => import("./check.ts"));
      finish(await checkCommand(given, { ...flags, reporter: reporter ?? ["pretty"] }, screen));
    });
};

const addTimeouts = (program: Command, { screen, finish }: Session): void => {
  program
    .command("timeouts")
    .description(
      "report the strictest timeouts of a chain, who sets them, and which heartbeat interval keeps a stream alive; starts nothing",
    )
    .argument(
      "[what]",
      "any input of hopwise check, a scenario, or a chain of hops from origin to client, e.g. django:gthread,nginx,heroku",
    )
    .option(
      "--platform <names>",
      "platforms between the chain and the client, in order from origin to client, e.g. heroku,cloudflare",
      collect,
    )
    .option("--path <path>", "only the route that serves this path, e.g. /events")
    .option("--host <name>", "only the server with this name")
    .option("--service <name>", "the service of the docker-compose file that is the proxy")
    .option("--env <NAME=value>", "a variable of a template; repeatable", collect)
    .option("--upstream <NAME=address>", "where a variable of proxy_pass leads, e.g. arg_to=web:8000; repeatable", collect)
    .option("--json", "print JSON (schema hopwise.timeouts/1)")
    .addHelpText("after", commandHelp.timeouts)
    .action(async (given: string | undefined, flags: TimeoutsFlags) => {
      const { timeoutsCommand } = await onNewNode(() => import("./timeouts.ts"));
      finish(await timeoutsCommand(given, flags, screen));
    });
};

const addProbe = (program: Command, { screen, finish, onSignals }: Session): void => {
  program
    .command("probe")
    .description("test a deployed URL as a client: do the records of its stream arrive one by one, and how does it end?")
    .argument("<url>", "an http:// or https:// URL that streams")
    .option("--for <seconds>", "how long to watch each response (default: 30)", waitSeconds)
    .option("--max-bytes <n>", "how much to read of each response (default: 16777216)", byteCount)
    .addOption(new Option("--http <version>", "ask over this version only (default: 1.1, and 2 and 3 over TLS)").choices(["1.1", "2", "3"]))
    .option(
      "--once",
      "send a single request, without Accept-Encoding, instead of one for each combination of HTTP version and Accept-Encoding (at most 5)",
    )
    .addOption(new Option("--method <method>", "default: GET, or POST with --data").choices(["GET", "POST"]))
    .option("--data <text>", "the body of the request; @file reads it from a file")
    .option("--header <field>", "a header field, e.g. 'Authorization: Bearer …'; repeatable; never printed", collect)
    .option("--insecure", "do not verify the TLS certificate; anyone on the network path could then impersonate the server")
    .option("--origin <url>", "the same application without its proxies, to compare with; it gets the same header fields")
    .option("--reporter <name>", "pretty, json, html; html=<file> writes to a file; repeatable (default: pretty)", collect)
    .option("--open", openHelp)
    .option("--json", "the same as --reporter json")
    .addHelpText("after", commandHelp.probe)
    .action(async (url: string, flags: ProbeFlags) => {
      onSignals();
      const { probeCommand } = await onNewNode(() => import("./probe.ts"));
      finish(await probeCommand(url, flags, screen));
    });
};

const addOrigin = (program: Command, { screen, finish, onSignals }: Session): void => {
  program
    .command("origin")
    .description("serve timestamped test streams; deploy it behind a URL, and hopwise probe measures the delay of each event")
    .option("--port <n>", "where to listen; 0 chooses a port", portNumber, 8000)
    .option("--host <address>", "the address to listen on; 0.0.0.0 in a container", "127.0.0.1")
    .addHelpText("after", commandHelp.origin)
    .action(async (flags: OriginFlags) => {
      onSignals();
      const { originCommand } = await onNewNode(() => import("./origin.ts"));
      finish(await originCommand(flags, screen));
    });
};

const addMerge = (program: Command, { screen, finish }: Session): void => {
  program
    .command("merge")
    .description("combine the JSON reports of shards")
    .argument("<files...>", "the reports of --shard 1/n to n/n")
    .option("--reporter <name>", reporterHelp, collect)
    .option("--open", openHelp)
    .option("--allow-unsupported", "do not exit with 3 only because some scenarios cannot run on this machine")
    .option("--baseline <file>", "a JSON report: failures that are also in it do not fail this one")
    .addHelpText("after", commandHelp.merge)
    .action(async (files: string[], { reporter, ...flags }: Omit<MergeFlags, "reporter"> & { reporter?: string[] }) => {
      const { mergeCommand } = await onNewNode(() => import("./merge.ts"));
      finish(await mergeCommand(files, { ...flags, reporter: reporter ?? ["pretty"] }, screen));
    });
};

const addShow = (program: Command, { screen, finish }: Session): void => {
  program
    .command("show")
    .description("show a saved report or trace again, as text, as a page or in any other format")
    .argument("<files...>", "a JSON report of run, check or probe, or traces of --save-traces")
    .option("--reporter <name>", reporterHelp, collect)
    .option("--open", openHelp)
    .addHelpText("after", commandHelp.show)
    .action(async (files: string[], { reporter, ...flags }: Omit<ShowFlags, "reporter"> & { reporter?: string[] }) => {
      const { showCommand } = await onNewNode(() => import("./show.ts"));
      finish(await showCommand(files, { ...flags, reporter: reporter ?? ["pretty"] }, screen));
    });
};

const addList = (program: Command, session: Session): void => {
  program
    .command("list")
    .description("list scenarios, servers, middlewares, origins and platforms, and what can run here")
    .addArgument(new Argument("[part]", "list only this part").choices(["scenarios", "servers", "middlewares", "origins", "platforms"]))
    .action(async (part: Part | undefined) => {
      const { listCommand, parts } = await onNewNode(() => import("./list.ts"));
      say(session, await listCommand(part === undefined ? parts : [part], session.screen.out));
    });
};

const addDoctor = (program: Command, session: Session): void => {
  program
    .command("doctor")
    .description("report what is missing on this machine, and how to install it")
    .action(async () => {
      const { doctorCommand } = await import("./doctor.ts");
      say(session, await doctorCommand(session.screen.out));
    });
};

const addInit = (program: Command, session: Session): void => {
  program
    .command("init")
    .description("write a first scenario and a CI workflow into your project")
    .option("--force", "overwrite existing files")
    .addHelpText("after", commandHelp.init)
    .action(async (flags: InitFlags) => {
      const { initCommand } = await import("./init.ts");
      say(session, await initCommand(flags, session.screen));
    });
};

const say = ({ screen, finish }: Session, answer: { text: string; code: number }): void => {
  screen.out.write(answer.text);
  finish(answer.code);
};

/** Commands use syntax and sockets that an older Node does not have. */
const onNewNode = async <T>(load: () => Promise<T>): Promise<T> => {
  const old = oldNode(process.versions.node);
  if (old) throw new EnvironmentError(`${old.says}; ${old.fix}`);
  return load();
};
