/**
 * The contract kit of what keeps dead letters: its test extends {@link
 * io.fluxcore.application.deadletter.kit.DeadLettersContract}.
 */
@NullMarked
package io.fluxcore.application.deadletter.kit;

import org.jspecify.annotations.NullMarked;
