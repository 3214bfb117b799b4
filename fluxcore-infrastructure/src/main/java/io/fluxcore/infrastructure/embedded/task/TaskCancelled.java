package io.fluxcore.infrastructure.embedded.task;

/**
 * Ends a task that was cancelled while it was blocked inside an operator. Not an exception, so that
 * code which takes exceptions for bad records does not swallow it.
 */
final class TaskCancelled extends Error {
  private static final long serialVersionUID = 1L;

  TaskCancelled() {
    super("cancelled", null, false, false);
  }
}
