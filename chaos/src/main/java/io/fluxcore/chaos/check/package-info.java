/**
 * What should have come out, computed plainly on one thread from the same files, beside what did.
 * Runs in a process of its own without FluxCore on its class path. May import the JDK alone.
 */
@NullMarked
package io.fluxcore.chaos.check;

import org.jspecify.annotations.NullMarked;
