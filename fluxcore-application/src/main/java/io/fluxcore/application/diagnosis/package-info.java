/**
 * Why a job gives no output: where event time stands, what holds it back, what waits for it and
 * what was left out. May import {@code graph}, the planner and the runtime's readings.
 */
@NullMarked
package io.fluxcore.application.diagnosis;

import org.jspecify.annotations.NullMarked;
