#!/usr/bin/env node
// The command `hopwise`, in a Node that is new enough: the one that runs this, else the one that npm installed beside it.
// Very old versions must be able to read this file: nothing newer than ES2015.
"use strict";

const childProcess = require("child_process");
const fs = require("fs");
const path = require("path");

const root = path.dirname(__dirname);
// A clone runs its sources, built or not.
const isClone = fs.existsSync(path.join(root, "harness", "cli.ts"));
const harness = path.join(root, isClone ? "harness" : "dist/harness");
const words = require(path.join(harness, "commands/node-version.json"));

const majorOf = (version) => parseInt(version, 10);

const fail = (sentence) => {
  process.stderr.write(`hopwise: ${sentence}\n`);
  process.exitCode = 3;
};

/** `npm ci` brings one to a clone; a project may have the package, too. */
const packagedNode = () => {
  try {
    const file = require.resolve("node/package.json");
    const contents = require(file);
    const node = path.join(path.dirname(file), contents.bin.node);
    return majorOf(contents.version) >= words.needed && fs.existsSync(node) ? node : null;
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND") throw error;
    return null;
  }
};

/** What the other Node does is what this process does. */
const startIn = (node) => {
  // At the end of the channel, however this process ends, the other one ends, too.
  const child = childProcess.spawn(node, [__filename].concat(process.argv.slice(2)), { stdio: ["inherit", "inherit", "inherit", "ipc"] });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(`${node} could not be started: ${error.message}`));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
};

const start = () => {
  if (isClone && !fs.existsSync(path.join(root, "node_modules"))) return fail(`nothing is installed yet: run "npm ci" in ${root}`);
  if (majorOf(process.versions.node) >= words.needed) {
    if (process.channel) {
      process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
      process.channel.unref();
    }
    return require("./in-this-node.cjs")(path.join(harness, isClone ? "cli.ts" : "cli.js"));
  }
  const node = packagedNode();
  if (node !== null) return startIn(node);
  const says = words.says.replace("{version}", process.versions.node);
  return fail(`${says}; ${words.fix}`);
};

void start();
