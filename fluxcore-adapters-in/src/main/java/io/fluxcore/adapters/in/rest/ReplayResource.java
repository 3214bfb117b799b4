package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.runtime.ReplayOutcome;

/**
 * What became of a letter that was replayed.
 *
 * @param id of the letter
 * @param outcome PROCESSED, FAILED or REFUSED
 * @param code of the error, or an empty string
 * @param message of the error, or an empty string
 */
record ReplayResource(String id, String outcome, String code, String message) {
  static ReplayResource of(ReplayOutcome outcome) {
    return new ReplayResource(
        Long.toString(outcome.letter().id()),
        outcome.kind().name(),
        outcome.code(),
        outcome.message());
  }
}
