package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.deadletter.DeadLetterFilter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters a request is about: bound from its query string. What is null does not matter.
 *
 * @param job id or name
 * @param operator node that they failed in
 * @param source node that they came from
 * @param code of their error
 * @param from when they failed, at the earliest; ISO 8601
 * @param to when they failed, this excluded; ISO 8601
 */
record LetterQuery(
    @Nullable String job,
    @Nullable String operator,
    @Nullable String source,
    @Nullable String code,
    @Nullable String from,
    @Nullable String to) {

  /**
   * As the desk takes it.
   *
   * @param state name of the state that they are in; null: any
   * @throws Refused if a value cannot be read
   */
  DeadLetterFilter filter(JobLookup jobs, @Nullable String state) {
    return new DeadLetterFilter(
        job == null ? null : jobs.find(job),
        operator,
        source,
        code,
        state == null ? null : state(state),
        from == null ? null : Parameter.time("from", from),
        to == null ? null : Parameter.time("to", to));
  }

  private static DeadLetter.State state(String text) {
    return Arrays.stream(DeadLetter.State.values())
        .filter(state -> state.name().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                Refused.parameter(
                    "state",
                    "there is no state '" + text + "'",
                    "states are " + Arrays.toString(DeadLetter.State.values())));
  }
}
