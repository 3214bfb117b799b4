/**
 * Dead letters: rows and records that could not be processed, kept with their origin and error to
 * be looked at, repaired and replayed; the port to what keeps them, and its plain implementation.
 * May import the domain only.
 */
@NullMarked
package io.fluxcore.application.deadletter;

import org.jspecify.annotations.NullMarked;
