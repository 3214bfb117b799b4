/**
 * The past of a job: where it can be replayed from, a private run that brings it to a time, and the
 * view of the state that it had then. May import the planner, the runtime, {@code checkpoint},
 * {@code connector}, {@code lifecycle} and the words of the front doors.
 */
@NullMarked
package io.fluxcore.application.timetravel;

import org.jspecify.annotations.NullMarked;
