package io.fluxcore.adapters.in.cli;

import io.fluxcore.domain.error.ErrorCategory;

/** What the process says when it ends; part of the documented interface. */
final class ExitCode {
  static final int OK = 0;

  /** The job failed. */
  static final int FAILURE = 1;

  /** The command or the job file is wrong; nothing was run. */
  static final int USAGE = 2;

  static final int NOT_FOUND = 3;

  /** The server does not let this user do this. */
  static final int AUTHORISATION = 4;

  static final int CONFLICT = 5;

  /** What was waited for did not come in time. */
  static final int TIMEOUT = 6;

  /** The server does not answer. */
  static final int UNREACHABLE = 7;

  /** A signal ended the job: this and the signal's number. */
  static final int SIGNALLED = 128;

  private ExitCode() {}

  /** The code of an error that kept a job from starting. */
  static int of(ErrorCategory category) {
    return switch (category) {
      case USER -> USAGE;
      case NOT_FOUND -> NOT_FOUND;
      case STATE_CONFLICT -> CONFLICT;
      case EXTERNAL, RESOURCE, BUG -> FAILURE;
    };
  }
}
