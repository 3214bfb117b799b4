/**
 * The life of one job on the server that has it: what its history says, which run is the job's now,
 * what users have asked of it, and its way from one run to the next. May import the front doors,
 * the ports to the job store and the runtime, {@code checkpoint}, {@code results}, {@code
 * diagnosis} and {@code operation}.
 */
@NullMarked
package io.fluxcore.application.lifecycle;

import org.jspecify.annotations.NullMarked;
