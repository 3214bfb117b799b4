/**
 * The {@code udp} source: datagrams as records; in a spool until a checkpoint holds them, if asked.
 * One public door.
 */
@NullMarked
package io.fluxcore.adapters.in.udp;

import org.jspecify.annotations.NullMarked;
