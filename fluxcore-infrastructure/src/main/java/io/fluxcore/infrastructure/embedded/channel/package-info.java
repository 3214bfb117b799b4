/**
 * Channels between two threads of one process: bounded by bytes, one sender, one receiver, control
 * elements in band.
 *
 * <p>Imports nothing of this runtime.
 */
@NullMarked
package io.fluxcore.infrastructure.embedded.channel;

import org.jspecify.annotations.NullMarked;
