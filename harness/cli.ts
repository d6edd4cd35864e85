#!/usr/bin/env node
// The command line. Only this file prints, exits, and reads arguments and the environment.
import nodeModule from "node:module";
import { inspect } from "node:util";
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { Part } from "./commands/list.ts";
import { exitCodes } from "./commands/exit-code.ts";
import { commandHelp, mainHelp } from "./commands/help.ts";
import { oldNode } from "./commands/node-version.ts";
import type { CheckFlags } from "./commands/check.ts";
import type { InitFlags } from "./commands/init.ts";
import type { MergeFlags } from "./commands/merge.ts";
import type { RunFlags } from "./commands/run.ts";
import type { Screen, Stream } from "./commands/screen.ts";
import { widthFor } from "./report/look.ts";
import { plain } from "./report/text.ts";
import { AuthorError, WorldError } from "./runtime/runtime.ts";
import { version } from "./version.ts";

// What a command loads lazily takes half as long to load the second time. Node 20 cannot do it, and is told so further down.
nodeModule.enableCompileCache?.();

const { NO_COLOR, FORCE_COLOR, TERM } = process.env;

// `isTTY` is undefined, whatever its type says, where there is no terminal.
const isTerminal = ({ isTTY = false }: { isTTY?: boolean }): boolean => isTTY && TERM !== "dumb";

const streamOf = (stream: NodeJS.WriteStream): Stream => ({
  write: (text) => void stream.write(text),
  terminal: isTerminal(stream),
  width: widthFor(stream.columns),
  colour: NO_COLOR ? false : FORCE_COLOR ? FORCE_COLOR !== "0" : isTerminal(stream),
});

const out = streamOf(process.stdout);
const err = streamOf(process.stderr);
// Whoever reads may have seen enough, as in `hopwise list | head`: the exit code still tells what was found.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") process.exit(exitCodes.unjudged);
  });

const interruption = new AbortController();
const interrupt = (): void => {
  if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
  err.write(`${err.terminal ? "\n" : ""}hopwise: stopping what was started (once more to leave at once)\n`);
  interruption.abort();
};

const screen: Screen = { out, err, signal: interruption.signal, version };

const wholeNumber = (text: string): number => {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("It is a whole number from 1 on.");
  return Number(text);
};

const timeScale = (text: string): number => {
  if (!/^([1-9]\d?|100)$/.test(text)) throw new InvalidArgumentError("It is a whole number from 1 to 100.");
  return Number(text);
};

const waitSeconds = (text: string): number => {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > 3600) throw new InvalidArgumentError("It is a number of seconds from 1 to 3600.");
  return seconds;
};

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

const reporterHelp = "pretty, json, junit or github, to a file with json=<file>; may be given more than once (default: pretty)";

let code: number = exitCodes.holds;
const program = new Command("hopwise")
  .description(
    "Proves, before you deploy, whether a streamed HTTP response survives the way to the client, and names the hop that breaks it.",
  )
  .version(version)
  .configureHelp({ helpWidth: out.width })
  .configureOutput({ outputError: () => {} })
  .exitOverride()
  .addHelpText("after", mainHelp);

program
  .command("run")
  .description("run scenarios and say what the wire did")
  .argument("[what...]", "ids, files, folders or patterns of either; none: the whole catalogue")
  .addOption(
    new Option(
      "--runtime <kind>",
      "where hops run; auto takes containers where an engine answers, and processes for a chain with a command",
    )
      .choices(["auto", "container", "process"])
      .default("auto"),
  )
  .option("--reporter <name>", reporterHelp, collect)
  .option("--grep <regex>", "only scenarios whose id or title matches")
  .option("--hop <command>", "the standard trials against a command that listens on PORT and forwards to UPSTREAM")
  .option("--app <url>", "your own running application in the origin's place, through --hop, --through or the hops of scenarios")
  .option(
    "--through <hop>",
    "with --app: a server of the catalogue, e.g. nginx:gzip; once for each, in the direction of the bytes",
    collect,
  )
  .option("--watch-seconds <n>", "with --app: how long a stream that does not end is watched (default: 10)", wholeNumber)
  .option("--image <name>", "this image in place of each server's own")
  .option("--time-scale <n>", "limits of minutes in seconds: clocks run so many times faster (1 to 100) where servers allow it", timeScale)
  .option("--at-once <n>", "at most so many scenarios at the same time", wholeNumber)
  .option("--save-traces <folder>", "keep what was seen on every connection, one JSON file per scenario")
  .option("--allow-unsupported", "scenarios that cannot run here do not count")
  .option("--shard <i/n>", "only this share of the scenarios, e.g. 1/3; hopwise merge puts the reports together")
  .option("--baseline <file>", "a JSON report: what failed there in the same way does not fail this run")
  .option("--showcase", "only scenarios that need nothing but Node and show what Hopwise finds")
  .addHelpText("after", commandHelp.run)
  .action(async (what: string[], { reporter, ...flags }: Omit<RunFlags, "reporter"> & { reporter?: string[] }) => {
    process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
    const { runCommand } = await onNewNode(() => import("./commands/run.ts"));
    code = await runCommand(what, { ...flags, reporter: reporter ?? ["pretty"] }, screen);
  });

program
  .command("check")
  .description("put your own configuration to the test: which line breaks streams, and what cures it")
  .argument("<config>", "nginx.conf, a fragment or template of it, a folder, or a docker-compose file")
  .option("--for <purpose>", "what it is to carry: sse, ndjson, download or llm (default: sse)")
  .option("--path <path>", "only the route that serves this path, e.g. /events")
  .option("--host <name>", "only the server of this name")
  .option("--service <name>", "the service of a docker-compose file that is the proxy")
  .option("--image <name>", "the image to run it in, e.g. nginx:1.29")
  .option("--env <NAME=value>", "a variable of a template; may be given more than once", collect)
  .option("--keep-app", "with a docker-compose file: its own application runs behind the proxy, in place of Hopwise's origin")
  .option("--watch-seconds <n>", "with --keep-app: how long a stream that does not end is watched (default: 10)", wholeNumber)
  .option(
    "--max-wait <seconds>",
    "how long limits of time are waited for, on the server's clock (default: 97, in real time 75; longer where more must be survived)",
    waitSeconds,
  )
  .option("--write", "make the proven cures in your files")
  .option(
    "--reporter <name>",
    "pretty, json, junit, sarif, github or markdown, to a file with json=<file>; may be given more than once",
    collect,
  )
  .addHelpText("after", commandHelp.check)
  .action(async (given: string, { reporter, ...flags }: Omit<CheckFlags, "reporter"> & { reporter?: string[] }) => {
    process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
    const { checkCommand } = await onNewNode(() => import("./commands/check.ts"));
    code = await checkCommand(given, { ...flags, reporter: reporter ?? ["pretty"] }, screen);
  });

program
  .command("merge")
  .description("put the JSON reports of shards together")
  .argument("<files...>", "reports of --shard 1/n to n/n")
  .option("--reporter <name>", reporterHelp, collect)
  .option("--allow-unsupported", "scenarios that cannot run here do not count")
  .option("--baseline <file>", "a JSON report: what failed there in the same way does not fail this one")
  .addHelpText("after", commandHelp.merge)
  .action(async (files: string[], { reporter, ...flags }: Omit<MergeFlags, "reporter"> & { reporter?: string[] }) => {
    const { mergeCommand } = await onNewNode(() => import("./commands/merge.ts"));
    code = await mergeCommand(files, { ...flags, reporter: reporter ?? ["pretty"] }, screen);
  });

program
  .command("list")
  .description("tell what there is, and what can run here")
  .addArgument(new Argument("[part]", "only this part").choices(["scenarios", "servers", "middlewares", "origins"]))
  .action(async (part: Part | undefined) => {
    const { listCommand, parts } = await onNewNode(() => import("./commands/list.ts"));
    say(await listCommand(part === undefined ? parts : [part], out));
  });

program
  .command("doctor")
  .description("tell what is missing here, and what to do about it")
  .action(async () => {
    const { doctorCommand } = await import("./commands/doctor.ts");
    say(await doctorCommand(out));
  });

program
  .command("init")
  .description("write a first scenario and a CI workflow for your project")
  .option("--force", "overwrite what is there")
  .addHelpText("after", commandHelp.init)
  .action(async (flags: InitFlags) => {
    const { initCommand } = await import("./commands/init.ts");
    say(await initCommand(flags, screen));
  });

const say = (answer: { text: string; code: number }): void => {
  out.write(answer.text);
  code = answer.code;
};

/** What follows uses syntax and sockets that an older Node does not have. */
const onNewNode = async <T>(load: () => Promise<T>): Promise<T> => {
  const old = oldNode(process.versions.node);
  if (old) throw new WorldError(`${old.says}; ${old.remedy}`);
  return load();
};

/** One sentence for what is known, the whole stack for what is not. */
const tell = (error: unknown): number => {
  // What went wrong first; the other error is that of cleaning up behind it.
  if (typeof SuppressedError === "function" && error instanceof SuppressedError) return tell(error.suppressed);
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.holds;
    const sentence = error.message
      .replace(/^error: /, "")
      .replace(/\.$/, "")
      .replaceAll("\n", " ");
    if (error.code !== "commander.help") err.write(`hopwise: ${sentence}; see hopwise --help\n`);
    return exitCodes.author;
  }
  if (error instanceof AuthorError || error instanceof WorldError) {
    err.write(`hopwise: ${error.message.split("\n").map(plain).join("\n")}\n`);
    return error instanceof AuthorError ? exitCodes.author : exitCodes.unjudged;
  }
  err.write(
    `hopwise: This is a bug in Hopwise (${version}, Node ${process.version}); please report it with what follows.\n${inspect(error)}\n`,
  );
  return exitCodes.unjudged;
};

process.on("uncaughtException", (error) => process.exit(tell(error)));

try {
  await program.parseAsync();
} catch (error) {
  code = tell(error);
}
// Nothing may keep a finished run alive; what was written must have left first.
await new Promise((resolve) => process.stdout.write("", resolve));
process.exit(code);
