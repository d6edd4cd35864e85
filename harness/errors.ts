// The errors whose message is meant for the user; the class decides the exit code.

/** An author's error (exit code 2), for example a hop of the author's that does not start. Its message: what failed, where, why, what to do. */
export class AuthorError extends Error {
  override name = "AuthorError";
}

/** The environment's fault (exit code 3): no engine, a missing image, a port in use. */
export class EnvironmentError extends Error {
  override name: string = "EnvironmentError";
}

/** The installed server cannot do it, for example a build without the module that a variant needs. */
export class UnsupportedError extends EnvironmentError {
  override name = "UnsupportedError";
}
